//! A process that has entered the sandbox tries what a captured reader would try.

use std::fs::File;
use std::io;
use std::net::{TcpStream, UdpSocket};
use std::process::Command;
use std::thread;

use super::super::tests::{entry, this_binary};

/// Every attempt and what came of it, one a line.
#[test]
#[ignore = "the body of the process that the test below starts"]
fn captured_entry() {
    super::super::confine::for_good().unwrap();
    super::enter().unwrap();
    let attempts: [(&str, io::Result<()>); 7] = [
        ("read a file", File::open("/etc/passwd").map(drop)),
        ("make a file", File::create("/tmp/made-by-a-parser").map(drop)),
        ("list a folder", std::fs::read_dir("/").map(drop)),
        ("connect", TcpStream::connect("127.0.0.1:9").map(drop)),
        ("send", UdpSocket::bind("127.0.0.1:0").map(drop)),
        ("run a program", Command::new("/bin/true").status().map(drop)),
        ("start a thread", thread::Builder::new().spawn(|| ()).map(drop)),
    ];
    for (name, outcome) in attempts {
        let error = outcome.err().and_then(|error| error.raw_os_error());
        println!("{name}: {error:?}");
    }
}

#[test]
fn a_captured_reader_reaches_nothing() {
    let arguments = entry("captured_entry").into_iter().map(|argument| {
        argument.into_string().unwrap().replace("tests::captured_entry", "sandbox::tests::captured_entry")
    });
    let output = Command::new(this_binary()).args(arguments).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let refused = format!("{:?}", Some(nix::libc::EPERM));
    for name in ["read a file", "make a file", "list a folder", "connect", "send", "run a program", "start a thread"] {
        let outcome = told.lines().find_map(|line| line.split_once(name).map(|(_, rest)| rest));
        assert_eq!(outcome, Some(format!(": {refused}").as_str()), "{name}\n{told}");
    }
}
