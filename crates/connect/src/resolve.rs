//! From a name to addresses: asked once per connection, and refused whole when one answer is out of bounds.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use model::{Failure, FailureCode};
use reqwest::dns;

use crate::fault::Carried;
use crate::guard::Guard;

/// The addresses of a name, on their way.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Whoever knows the addresses of a name.
pub trait Resolve: Send + Sync + 'static {
    /// The addresses of `name`, which is no IP literal.
    fn resolve(&self, name: &str) -> Resolving;
}

/// The machine's own resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: &str) -> Resolving {
        let name = name.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// A table or a rule in place of a resolver.
impl<F> Resolve for F
where
    F: Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static,
{
    fn resolve(&self, name: &str) -> Resolving {
        Box::pin(std::future::ready(self(name)))
    }
}

/// The resolver that the HTTP client is given: its answers are the only addresses that are ever connected to.
pub(crate) struct Guarded {
    /// `None` when all requests go through a proxy: then only the proxy's own name is looked up here.
    pub guard: Option<Arc<Guard>>,
    pub resolver: Arc<dyn Resolve>,
}

impl dns::Resolve for Guarded {
    fn resolve(&self, name: dns::Name) -> dns::Resolving {
        let (guard, resolver) = (self.guard.clone(), Arc::clone(&self.resolver));
        Box::pin(async move {
            let addresses = checked(guard.as_deref(), &*resolver, name.as_str()).await.map_err(Carried)?;
            let sockets = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(sockets) as dns::Addrs)
        })
    }
}

async fn checked(guard: Option<&Guard>, resolver: &dyn Resolve, name: &str) -> Result<Vec<IpAddr>, Failure> {
    let dns = |why: String| Failure::new(FailureCode::Dns, format!("the name `{name}` does not resolve: {why}"));
    let addresses = resolver.resolve(name).await.map_err(|error| dns(error.to_string()))?;
    if addresses.is_empty() {
        return Err(dns("it has no address".to_owned()));
    }
    // One bad answer condemns all: a name that mixes public and private addresses is an attack or a mistake.
    if let Some(guard) = guard {
        addresses.iter().try_for_each(|address| guard.check_address(name, *address))?;
    }
    Ok(addresses)
}
