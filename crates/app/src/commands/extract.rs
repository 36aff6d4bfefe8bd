//! `gleaner extract`: one document, or a folder of them, read and printed on the spot.

mod batch;
mod document;
mod explain;
mod written;

use std::process::ExitCode;

use extract::{Extracted, Hint, Site};
use pipeline::parser::Parsers;

use self::document::Document;
use self::written::written;
use crate::args::extract::{ExtractArgs, Format};
use crate::output;
use crate::settings::Settings;
use crate::setup;

pub async fn run(settings: &Settings, args: ExtractArgs) -> anyhow::Result<ExitCode> {
    if let (Some(folder), Some(out)) = (&args.batch, &args.out) {
        batch::run(folder, out, args.format.unwrap_or(Format::Text), &hint(&args))?;
        return Ok(ExitCode::SUCCESS);
    }
    let name = args.document.as_deref().unwrap_or("-");
    let document = Document::open(settings, name, hint(&args)).await?;
    if args.explain {
        return explain::run(&document, args.format == Some(Format::Json));
    }
    let found = read(&setup::parsers(settings)?, &document).await.map_err(|failure| document.refusal(&failure))?;
    for warning in &found.warnings {
        eprintln!("gleaner: {}: warning: {warning}", document.name);
    }
    output::text_of(written(&found, args.format.unwrap_or(Format::Markdown))?)?;
    Ok(ExitCode::SUCCESS)
}

fn hint(args: &ExtractArgs) -> Hint {
    let site = Site { keep: args.keep.clone(), drop: args.drop.clone(), ..Site::default() };
    Hint { url: args.url.clone(), english: args.english, baser: args.baser, site, ..Hint::default() }
}

async fn read(parsers: &Parsers, document: &Document) -> Result<Extracted, model::Failure> {
    parsers.extract(&document.hint, document.bytes.as_slice(), document.bytes.len() as u64).await
}
