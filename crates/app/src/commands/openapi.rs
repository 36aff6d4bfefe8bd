//! `gleaner openapi`: the API's description, as it is committed.

use std::process::ExitCode;

use crate::output;

pub fn run() -> anyhow::Result<ExitCode> {
    output::text_of(web::openapi_json())?;
    Ok(ExitCode::SUCCESS)
}
