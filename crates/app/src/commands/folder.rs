//! `gleaner folder`: the tree of folders.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use model::{Folder, FolderId};
use store::Deed;

use crate::actor;
use crate::args::review::FolderCommand;
use crate::output;
use crate::paragraphs::harmless;
use crate::settings::Settings;
use crate::setup;

pub async fn run(settings: &Settings, command: FolderCommand) -> anyhow::Result<ExitCode> {
    let store = setup::known_store(settings).await?;
    let workspace = setup::known_workspace(&store, settings).await?;
    let actor = actor::name();
    let deed = Deed { workspace, actor: &actor, at: store.now() };
    match command {
        FolderCommand::List => {
            let folders = store.glance().await?.folders(workspace).await?;
            if folders.is_empty() {
                output::line("there are no folders; one for each source appears with its first draft")?;
            }
            output::text_of(tree(&folders))?;
        }
        FolderCommand::Add { title, parent } => {
            let (id, at) = (FolderId::new(), deed.at);
            let folder =
                Folder { id, parent, title, description: String::new(), active: true, created_at: at, updated_at: at };
            let mut write = store.write().await?;
            write.keep_folder(deed, &folder).await?.map_err(|refusal| anyhow!("{refusal}"))?;
            write.commit().await?;
            output::line(id)?;
        }
        FolderCommand::Delete { folder, cascade } => {
            let mut write = store.write().await?;
            let known = write.folder(workspace, folder).await?;
            let known = known
                .with_context(|| format!("there is no folder {folder}; `gleaner folder list` shows those there are"))?;
            let deleted = write.delete_folder(deed, folder, cascade).await?;
            deleted.map_err(|_| {
                anyhow!("“{}” is not empty; move or delete what is in it, or say --cascade", known.title)
            })?;
            write.commit().await?;
            output::line(format_args!("deleted: “{}”", harmless(&known.title)))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Each folder on a line of its own, under the one that it lies in.
fn tree(folders: &[Folder]) -> String {
    let below = |parent: Option<FolderId>| {
        let mut found: Vec<&Folder> = folders.iter().filter(|folder| folder.parent == parent).collect();
        found.sort_by_key(|folder| std::cmp::Reverse(folder.title.to_lowercase()));
        found
    };
    let mut text = String::new();
    let mut left: Vec<(usize, &Folder)> = below(None).into_iter().map(|folder| (0, folder)).collect();
    while let Some((depth, folder)) = left.pop() {
        let state = if folder.active { "" } else { "  (not answered from)" };
        let (indent, title) = ("  ".repeat(depth), harmless(&folder.title));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}  {indent}{title}{state}", folder.id);
        left.extend(below(Some(folder.id)).into_iter().map(|folder| (depth + 1, folder)));
    }
    text
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;

    #[test]
    fn a_folder_stands_under_the_one_that_it_lies_in() {
        let folder = |title: &str, parent: Option<FolderId>| Folder {
            id: FolderId::new(),
            parent,
            title: title.to_owned(),
            description: String::new(),
            active: true,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        };
        let imported = folder("Imported", None);
        let folders = [
            folder("b.example", Some(imported.id)),
            folder("a.example", Some(imported.id)),
            folder("A", None),
            imported,
        ];
        let shown = tree(&folders);
        let titles: Vec<&str> = shown.lines().map(|line| &line[38..]).collect();
        assert_eq!(titles, ["A", "Imported", "  a.example", "  b.example"]);
    }
}
