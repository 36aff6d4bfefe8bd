//! `gleaner review edit`: the text of a draft in an editor, or from a file.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail, ensure};
use model::{Content, DraftId, Seen};
use store::DraftChange;

use super::desk::Desk;
use crate::output;

pub(super) async fn run(desk: &Desk, id: DraftId, file: Option<&Path>, editor: Option<&str>) -> anyhow::Result<()> {
    let (draft, live) = desk.draft(id).await?;
    let before = written(draft.shown());
    let after = match file {
        Some(path) if path == Path::new("-") => std::io::read_to_string(std::io::stdin()).context("standard input")?,
        Some(path) => std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?,
        None => in_editor(&before, editor)?,
    };
    if after == before {
        return output::line("nothing was changed");
    }
    let content = read(&after, draft.shown())?;
    // Whoever edits sees the draft as it is, against the article as it is.
    let change = DraftChange {
        content: Some(content),
        article_version: live.map(|live| live.version),
        ..DraftChange::default()
    };
    let seen = Seen { draft: Some(draft.revision), article: None };
    let mut write = desk.store.write().await?;
    let changed = write.change_draft(desk.deed(), id, seen, &change).await?;
    let draft = changed.with_context(|| format!("there is no draft {id}"))??;
    write.commit().await?;
    output::line(format_args!(
        "edited: {} is at revision {}; `gleaner review approve {id}` publishes it",
        id, draft.revision
    ))
}

/// A draft as a person edits it: its title as a heading, then its text.
fn written(content: &Content) -> String {
    format!("# {}\n\n{}\n", content.title, content.main_knowledge.trim_end())
}

/// What a person made of it.
fn read(text: &str, before: &Content) -> anyhow::Result<Content> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let title = first.strip_prefix("# ").map(str::trim).unwrap_or_default();
    ensure!(!title.is_empty(), "the first line must be the title: `# Title`");
    let main_knowledge = rest.trim_matches(['\n', '\r']).to_owned();
    ensure!(!main_knowledge.trim().is_empty(), "there is no text below the title");
    Ok(Content { title: title.to_owned(), main_knowledge, ..before.clone() })
}

/// Lets a person change a text in their editor.
fn in_editor(text: &str, editor: Option<&str>) -> anyhow::Result<String> {
    let Some(editor) = editor else { bail!("set EDITOR to the editor to use, or give the text with --file") };
    let file = std::env::temp_dir().join(format!("gleaner-{}.md", DraftId::new()));
    let made = File::create_new(&file).and_then(|mut made| made.write_all(text.as_bytes()));
    made.with_context(|| format!("cannot write {}", file.display()))?;
    let edited = edit(editor, &file);
    // The text is in hand, or the person is told why not.
    let _ = std::fs::remove_file(&file);
    edited
}

fn edit(editor: &str, file: &Path) -> anyhow::Result<String> {
    // An editor may come with flags, so a shell takes it apart, as other programs do it.
    let status = Command::new("sh").args(["-c", &format!("{editor} \"$1\""), "sh"]).arg(file).status();
    let status = status.with_context(|| format!("cannot start {editor}"))?;
    ensure!(status.success(), "{editor} ended with {status}; nothing was changed");
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_survives_the_editor() {
        let content = Content {
            title: "Refunds".to_owned(),
            main_knowledge: "Five days.\n\n- a\n- b".to_owned(),
            keywords: vec!["refund".to_owned()],
            ..Content::default()
        };
        assert_eq!(read(&written(&content), &content).unwrap(), content);
        assert!(read("no title\n\ntext", &content).is_err() && read("# Title only", &content).is_err());
    }
}
