//! `gleaner openapi`: the API's description, as it is committed.

use std::process::ExitCode;

pub fn run() -> anyhow::Result<ExitCode> {
    print!("{}", web::openapi_json());
    Ok(ExitCode::SUCCESS)
}
