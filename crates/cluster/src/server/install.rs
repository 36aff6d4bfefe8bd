//! Installs PostgreSQL by the system's package manager, without leaving a second server running.

use std::path::Path;

use anyhow::{Context, Result, bail};
use nix::unistd::Uid;

use super::find::OLDEST;
use crate::child::{self, program};

/// Debian's package makes and starts a cluster of its own unless a file here forbids it.
const CLUSTER_SETTINGS: &str = "/etc/postgresql-common/createcluster.d";

/// Installs the distribution's PostgreSQL; where that cannot be done the error says what to do.
pub async fn postgresql() -> Result<()> {
    let mend = format!(
        "no PostgreSQL {OLDEST} or later was found; install it (`sudo apt-get install postgresql` on Debian), \
         or name a running one in GLEANER_TEST_POSTGRES"
    );
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("{mend}");
    }
    let script = format!(
        "set -eu\n\
         trap 'rm -f {CLUSTER_SETTINGS}/gleaner.conf' EXIT\n\
         mkdir -p {CLUSTER_SETTINGS}\n\
         echo 'create_main_cluster = false' > {CLUSTER_SETTINGS}/gleaner.conf\n\
         export DEBIAN_FRONTEND=noninteractive\n\
         apt-get update -q\n\
         apt-get install -q -y --no-install-recommends postgresql\n"
    );
    let shell = ["sh", "-c", &script];
    let command = if Uid::effective().is_root() {
        program(shell[0], Path::new("/"), &shell[1..])
    } else {
        let mut command = program("sudo", Path::new("/"), &["-n"]);
        command.args(shell);
        command
    };
    child::run(command).await.context(mend)
}
