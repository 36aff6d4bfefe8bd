//! `gleaner show`: one document and its text.

use std::process::ExitCode;

use web::wire::revisions::Revision;

use crate::args::ShowArgs;
use crate::backend::Backend;
use crate::output;
use crate::place;
use crate::settings::Settings;

/// Who wrote a text and when, as far as it says so.
fn origin(revision: &Revision) -> String {
    let parts = [
        (!revision.authors.is_empty()).then(|| format!("by {}", revision.authors.join(", "))),
        revision.published.as_ref().map(|day| format!("published {day}")),
        revision.modified.as_ref().map(|day| format!("changed {day}")),
        (!revision.breadcrumbs.is_empty()).then(|| revision.breadcrumbs.join(" > ")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

pub async fn run(settings: &Settings, args: ShowArgs) -> anyhow::Result<ExitCode> {
    let backend = Backend::known(settings, &args.remote).await?;
    let document = backend.document(&args.id).await?;
    if args.markdown {
        output::text_of(backend.markdown(&args.id).await?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.json {
        output::line(serde_json::to_string_pretty(&document)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(&document.title)?;
    output::line(&document.original_url)?;
    let language = document.language.as_deref().unwrap_or("language unknown");
    let status = document.linked_job_status.as_deref().unwrap_or("never run");
    println!(
        "{status} · {} · {language} · revision {} · updated {}",
        place::standing(&document),
        document.revision,
        document.updated_at
    );
    if let Some(revision) = backend.revision(&args.id).await? {
        let origin = origin(&revision);
        if !origin.is_empty() {
            output::line(origin)?;
        }
        for warning in &revision.warnings {
            output::line(format_args!("warning: {warning}"))?;
        }
    }
    for paragraph in &document.paragraphs {
        output::line(format_args!("\n{paragraph}"))?;
    }
    Ok(ExitCode::SUCCESS)
}
