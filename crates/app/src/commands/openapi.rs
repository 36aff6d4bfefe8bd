//! `gleaner openapi`: the API's description, as it is committed.

use std::process::ExitCode;

pub fn run() -> ExitCode {
    print!("{}", web::openapi_json());
    ExitCode::SUCCESS
}
