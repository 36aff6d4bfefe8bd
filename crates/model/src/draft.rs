//! Drafts: what awaits a decision in Review. Nothing of one reaches an answer until it is published.
//!
//! A draft counts its changes: what was seen is named by its revision, and what was not seen cannot be approved. A newer run of
//! its document replaces what is proposed; what a person wrote stays beside it until that person, or another, decides.

use serde::{Deserialize, Serialize};

use crate::article::{Article, Backing, Content};
use crate::word::words;
use crate::{ArticleId, DraftId, FolderId, Timestamp};

words!(
    /// What a draft proposes.
    Proposal {
        /// A new article.
        Add = "add",
        /// Another text for an article.
        Update = "update",
        /// To take an article out of the answers, because its source is gone.
        Withdraw = "withdraw",
        /// Nothing: what was offered is known already. It is kept so that somebody can see it.
        Nothing = "nothing",
    }
);

words!(
    /// Where a draft stands.
    DraftState {
        /// It awaits a decision.
        Open = "open",
        /// It was approved.
        Published = "published",
        /// Somebody decided against it.
        Dismissed = "dismissed",
        /// It has become pointless: the source says again what is published, or is deleted.
        Superseded = "superseded",
    }
);

/// What a person made of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Edit {
    /// The text as the person left it.
    pub content: Content,
    /// The number of the source's text that the person saw.
    pub source_revision: Option<i64>,
    /// Who it was.
    pub by: String,
    /// When, microseconds since 1970.
    pub at: i64,
}

/// One draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// What it proposes.
    pub proposal: Proposal,
    /// Why, as a sentence.
    pub reason: String,
    /// Where it stands.
    pub state: DraftState,
    /// How often what is to be seen has changed, from 1.
    pub revision: i64,
    /// The article it is against.
    pub article: Option<ArticleId>,
    /// The version of that article that it was made against.
    pub article_version: Option<i64>,
    /// Where a new article will be.
    pub folder: FolderId,
    /// The text it was made from.
    pub backing: Option<Backing>,
    /// What is proposed.
    pub proposed: Content,
    /// What a person made of it.
    pub edit: Option<Edit>,
    /// Whether agents may answer from it, where somebody said so.
    pub active: Option<bool>,
    /// Whether it is shown in a help center, where somebody said so.
    pub public: Option<bool>,
    /// Who wrote it, in the caller's words.
    pub origin: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What somebody who decides has seen; `None` where that was not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// The revision of the draft.
    pub draft: Option<i64>,
    /// The version of the article that it is against.
    pub article: Option<i64>,
}

/// Why a draft cannot be decided on so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody decided already.
    #[error("the draft is {0} already")]
    Decided(DraftState),
    /// It has changed since.
    #[error("the draft has changed: revision {seen} was seen and it is at revision {current}; look at it again")]
    Changed {
        /// What was seen.
        seen: i64,
        /// What there is.
        current: i64,
    },
    /// It has changed before, and what is to be published is another text, so nobody knows what was seen.
    #[error(
        "the draft has changed before and the text sent is not the one it shows: name the draftRevision that was seen, {current} by now"
    )]
    Unnamed {
        /// What there is.
        current: i64,
    },
    /// The article has changed since.
    #[error(
        "the article has moved on: the draft was made against version {base} and version {current} is live; edit the draft against version {current}, or dismiss it"
    )]
    Outdated {
        /// What it was made against.
        base: i64,
        /// What is live.
        current: i64,
    },
    /// The article is gone.
    #[error("the article that the draft would update was deleted; dismiss the draft")]
    Orphaned,
    /// The folder is gone.
    #[error("the folder of the draft was deleted; move the draft to another folder")]
    Homeless,
    /// There is nothing to publish.
    #[error("the draft proposes nothing that could be published; dismiss it")]
    Empty,
}

impl Draft {
    /// What would be published: what a person made of it, else what is proposed.
    pub fn shown(&self) -> &Content {
        self.edit.as_ref().map_or(&self.proposed, |edit| &edit.content)
    }

    /// Whether the source has said something else since a person edited it.
    pub fn is_edit_behind(&self) -> bool {
        let now = self.backing.map(|backing| backing.revision);
        self.edit.as_ref().is_some_and(|edit| edit.source_revision != now)
    }

    /// Whether it may be changed or dismissed by who saw that revision.
    pub fn check_open(&self, seen: Seen) -> Result<(), Refusal> {
        if self.state != DraftState::Open {
            return Err(Refusal::Decided(self.state));
        }
        match seen.draft {
            Some(seen) if seen != self.revision => Err(Refusal::Changed { seen, current: self.revision }),
            _ => Ok(()),
        }
    }

    /// Whether a text may be published in its place. Who sends another one than it shows, and does not say what was seen, may have
    /// seen what a newer run has replaced.
    pub fn check_sent(&self, seen: Seen, sent: Option<&Content>) -> Result<(), Refusal> {
        let is_known = seen.draft.is_some() || self.revision == 1;
        match sent {
            Some(sent) if !is_known && sent != self.shown() => Err(Refusal::Unnamed { current: self.revision }),
            _ => Ok(()),
        }
    }

    /// Whether it may be published by who saw that, with its article as it is.
    pub fn check(&self, seen: Seen, article: Option<&Article>) -> Result<(), Refusal> {
        self.check_open(seen)?;
        if self.proposal == Proposal::Nothing {
            return Err(Refusal::Empty);
        }
        match (self.article, article) {
            (None, _) => Ok(()),
            (Some(_), None) => Err(Refusal::Orphaned),
            (Some(_), Some(article)) => {
                let base = seen.article.or(self.article_version).unwrap_or(article.version);
                // Who says which version was seen may have seen an older one than the draft's.
                let base = base.min(self.article_version.unwrap_or(base));
                let current = article.version;
                if base == current { Ok(()) } else { Err(Refusal::Outdated { base, current }) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DocumentId, Timestamp};

    fn draft() -> Draft {
        Draft {
            id: DraftId::new(),
            proposal: Proposal::Update,
            reason: "its source has changed".to_owned(),
            state: DraftState::Open,
            revision: 3,
            article: Some(ArticleId::new()),
            article_version: Some(2),
            folder: FolderId::new(),
            backing: Some(Backing { document: DocumentId::new(), revision: 7 }),
            proposed: Content { title: "proposed".to_owned(), ..Content::default() },
            edit: None,
            active: None,
            public: None,
            origin: None,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        }
    }

    fn article(version: i64) -> Article {
        Article {
            id: ArticleId::new(),
            folder: FolderId::new(),
            content: Content::default(),
            active: true,
            public: false,
            origin: None,
            version,
            backing: None,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        }
    }

    #[test]
    fn only_what_was_seen_is_published() {
        let seen = |draft, article| Seen { draft, article };
        let cases = [
            (seen(None, None), Some(2), Ok(())),
            (seen(Some(3), Some(2)), Some(2), Ok(())),
            (seen(Some(2), None), Some(2), Err(Refusal::Changed { seen: 2, current: 3 })),
            (seen(Some(4), None), Some(2), Err(Refusal::Changed { seen: 4, current: 3 })),
            (seen(Some(3), None), Some(3), Err(Refusal::Outdated { base: 2, current: 3 })),
            (seen(Some(3), Some(1)), Some(2), Err(Refusal::Outdated { base: 1, current: 2 })),
            // Who has seen the newer version has not seen it merged into the draft.
            (seen(Some(3), Some(3)), Some(3), Err(Refusal::Outdated { base: 2, current: 3 })),
            (seen(None, None), None, Err(Refusal::Orphaned)),
        ];
        for (seen, version, expected) in cases {
            assert_eq!(draft().check(seen, version.map(article).as_ref()), expected, "{seen:?} {version:?}");
        }
        for state in [DraftState::Published, DraftState::Dismissed, DraftState::Superseded] {
            let decided = Draft { state, ..draft() };
            assert_eq!(decided.check(Seen::default(), Some(&article(2))), Err(Refusal::Decided(state)));
        }
        let nothing = Draft { proposal: Proposal::Nothing, article: None, ..draft() };
        assert_eq!(nothing.check(Seen::default(), None), Err(Refusal::Empty));
        let new = Draft { proposal: Proposal::Add, article: None, article_version: None, ..draft() };
        assert_eq!(new.check(Seen { draft: Some(3), article: None }, None), Ok(()));
    }

    #[test]
    fn another_text_is_published_only_by_who_says_what_was_seen() {
        let text = |title: &str| Content { title: title.to_owned(), ..Content::default() };
        let (named, unnamed) = (Seen { draft: Some(3), article: None }, Seen::default());
        let draft = draft();
        assert_eq!(draft.check_sent(unnamed, Some(&text("older"))), Err(Refusal::Unnamed { current: 3 }));
        assert_eq!(draft.check_sent(named, Some(&text("older"))), Ok(()));
        assert_eq!(draft.check_sent(unnamed, Some(&text("proposed"))), Ok(()), "it is what the draft shows");
        assert_eq!(draft.check_sent(unnamed, None), Ok(()));
        let first = Draft { revision: 1, ..draft };
        assert_eq!(first.check_sent(unnamed, Some(&text("mine"))), Ok(()), "there was nothing else to be seen");
    }

    #[test]
    fn a_persons_text_is_shown_and_told_when_it_is_behind() {
        let mut draft = draft();
        assert_eq!((draft.shown().title.as_str(), draft.is_edit_behind()), ("proposed", false));
        let content = Content { title: "edited".to_owned(), ..Content::default() };
        draft.edit = Some(Edit { content, source_revision: Some(7), by: "ann".to_owned(), at: 1 });
        assert_eq!((draft.shown().title.as_str(), draft.is_edit_behind()), ("edited", false));
        draft.backing = draft.backing.map(|backing| Backing { revision: 8, ..backing });
        assert_eq!((draft.shown().title.as_str(), draft.is_edit_behind()), ("edited", true));
    }
}
