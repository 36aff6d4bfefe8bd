//! Certificates: trusted, unknown, for another name, absent.

use std::sync::Arc;

use connect::{Client, Config};
use model::FailureCode as Code;
use rcgen::CertifiedKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::origin::{allow, client_with, fetch, ok, url};

/// A server with a certificate of its own making for `tls.test`: its port and the certificate.
async fn server() -> (u16, Vec<u8>) {
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["tls.test".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let _ = stream.read(&mut [0; 4_096]).await;
                let _ = stream.write_all(&ok("", b"secret garden")).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    (port, cert.pem().into_bytes())
}

fn client(roots: Vec<Vec<u8>>) -> Client {
    let config = Config { allow: allow("tls.test,other.test"), extra_roots: roots, ..Config::default() };
    client_with(&config, |_: &str| Ok(vec!["127.0.0.1".parse().unwrap()]))
}

#[tokio::test]
async fn only_a_trusted_certificate_for_this_name_will_do() {
    let (port, root) = server().await;
    let page = url(&format!("https://tls.test:{port}/"));
    assert_eq!(fetch(&client(vec![root.clone()]), &page).await.as_deref(), Ok(&b"secret garden"[..]));

    let failure = fetch(&client(Vec::new()), &page).await.unwrap_err();
    assert_eq!(failure.code, Code::Tls, "{failure}");
    let other = url(&format!("https://other.test:{port}/"));
    let failure = fetch(&client(vec![root]), &other).await.unwrap_err();
    assert_eq!(failure.code, Code::Tls, "{failure}");
}

#[tokio::test]
async fn a_server_without_encryption_is_no_encrypted_one() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(&ok("", b"hello")).await;
        }
    });
    let failure = fetch(&client(Vec::new()), &url(&format!("https://tls.test:{port}/"))).await.unwrap_err();
    assert_eq!(failure.code, Code::Tls, "{failure}");
}
