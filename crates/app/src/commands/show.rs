//! `gleaner show`: one document and its text.

use std::process::ExitCode;

use crate::args::ShowArgs;
use crate::backend::Backend;
use crate::place;
use crate::settings::Settings;

pub async fn run(settings: &Settings, args: ShowArgs) -> anyhow::Result<ExitCode> {
    let backend = Backend::open(settings, &args.remote).await?;
    let document = backend.document(&args.id).await?;
    if args.markdown {
        print!("{}", backend.markdown(&args.id).await?);
        return Ok(ExitCode::SUCCESS);
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&document)?);
        return Ok(ExitCode::SUCCESS);
    }
    println!("{}", document.title);
    println!("{}", document.original_url);
    let language = document.language.as_deref().unwrap_or("language unknown");
    let status = document.linked_job_status.as_deref().unwrap_or("never run");
    println!(
        "{status} · {} · {language} · revision {} · updated {}",
        place::standing(&document),
        document.revision,
        document.updated_at
    );
    for paragraph in &document.paragraphs {
        println!("\n{paragraph}");
    }
    Ok(ExitCode::SUCCESS)
}
