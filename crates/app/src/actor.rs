//! Who sits at this machine, for the record of decisions.

use nix::unistd::{Uid, User};

/// The name of whoever runs the program.
pub fn name() -> String {
    let uid = Uid::current();
    match User::from_uid(uid) {
        Ok(Some(user)) => format!("{} at the command line", user.name),
        Ok(None) | Err(_) => format!("user {uid} at the command line"),
    }
}
