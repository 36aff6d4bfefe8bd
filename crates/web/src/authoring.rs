//! Reads articles, drafts, folders and decisions out of bodies, and says what is wrong with them.

use std::str::FromStr;

use model::{ArticleId, Content, DraftId, FolderId, Seen};
use store::Wording;

use crate::error::Error;
use crate::fields::Fields;
use crate::path_id::Named;
use crate::quoted::quoted;

const TITLE: &str = "title";
const TEXT: &str = "mainKnowledge";
const INSTRUCTION: &str = "agentInstruction";
const QUESTIONS: &str = "questions";
const KEYWORDS: &str = "keywords";
const ESCALATION: &str = "escalation";
const FOLDER: &str = "parentFolderId";
const DRAFT: &str = "isDraft";
const ORIGIN: &str = "origin";
const ACTIVE: &str = "active";
const PUBLIC: &str = "public";
const REVISION: &str = "draftRevision";
const BASE: &str = "originalArticleVersion";
const DESCRIPTION: &str = "description";
const NAME: &str = "name";
const REASON: &str = "reason";
const VERSION: &str = "version";
const ARTICLES: &str = "articleIds";

const OF_ARTICLE: &[&str] =
    &[TITLE, TEXT, INSTRUCTION, QUESTIONS, KEYWORDS, ESCALATION, FOLDER, DRAFT, ORIGIN, ACTIVE, PUBLIC, REVISION, BASE];
/// The most questions or keywords of an article.
const MOST: usize = 200;
/// The longest title, name or reason, in characters.
const LONGEST: usize = 500;

/// An article as a body has it.
#[derive(Debug)]
pub struct Written {
    /// What it says and how it is shown.
    pub wording: Wording,
    /// The folder that is named.
    pub folder: Option<FolderId>,
    /// Whether it stays a draft.
    pub is_draft: bool,
    /// What was seen.
    pub seen: Seen,
}

/// An article; every part of its content is required.
pub fn written(body: &[u8]) -> Result<Written, Error> {
    let mut fields = Fields::read(body, OF_ARTICLE, MOST + 1)?;
    let content = Content {
        title: title(&mut fields, TITLE)?,
        main_knowledge: needed(&mut fields, TEXT)?,
        agent_instruction: fields.text(INSTRUCTION)?.ok_or_else(|| missing(INSTRUCTION))?,
        questions: some(&mut fields, QUESTIONS)?,
        keywords: some(&mut fields, KEYWORDS)?,
        escalation: fields.flag(ESCALATION)?.ok_or_else(|| missing(ESCALATION))?,
    };
    let wording =
        Wording { content, active: fields.flag(ACTIVE)?, public: fields.flag(PUBLIC)?, origin: fields.text(ORIGIN)? };
    let (folder, is_draft) = (id_field::<FolderId>(&mut fields, FOLDER)?, fields.flag(DRAFT)?.unwrap_or(false));
    let seen = Seen { draft: fields.number(REVISION, 1..=i64::MAX)?, article: fields.number(BASE, 1..=i64::MAX)? };
    Ok(Written { wording, folder, is_draft, seen })
}

impl Written {
    /// The folder, which must be named.
    pub fn needed_folder(&self) -> Result<FolderId, Error> {
        self.folder.ok_or_else(|| missing(FOLDER))
    }
}

/// IDs of articles and drafts.
pub fn pieces(body: &[u8], most: usize) -> Result<Vec<ArticleId>, Error> {
    let (texts, count) = Fields::read(body, &[ARTICLES], most)?.texts(ARTICLES)?;
    if count == 0 {
        return Err(Error::BadRequest(format!("name at least one article in {ARTICLES}")));
    }
    if count > most {
        return Err(Error::BadRequest(format!(
            "{ARTICLES} holds {count} items; at most {most} fit one request, split it"
        )));
    }
    texts.iter().map(|text| id::<ArticleId>(ARTICLES, text)).collect()
}

/// The folder that a body names.
pub fn destination(body: &[u8]) -> Result<FolderId, Error> {
    id_field(&mut Fields::read(body, &[FOLDER], 0)?, FOLDER)?.ok_or_else(|| missing(FOLDER))
}

/// The number of a version.
pub fn version(body: &[u8]) -> Result<i64, Error> {
    Fields::read(body, &[VERSION], 0)?.number(VERSION, 1..=i64::MAX)?.ok_or_else(|| missing(VERSION))
}

/// The words of a folder, and the folder that it is to lie in.
pub fn new_folder(body: &[u8]) -> Result<(String, String, Option<FolderId>), Error> {
    let mut fields = Fields::read(body, &[TITLE, DESCRIPTION, FOLDER], 0)?;
    let (title, description) = (title(&mut fields, TITLE)?, described(&mut fields)?);
    Ok((title, description, id_field(&mut fields, FOLDER)?))
}

/// The words and the state of a folder.
pub fn folder(body: &[u8]) -> Result<(String, String, bool), Error> {
    let mut fields = Fields::read(body, &[TITLE, DESCRIPTION, ACTIVE], 0)?;
    let active = fields.flag(ACTIVE)?.ok_or_else(|| missing(ACTIVE));
    Ok((title(&mut fields, TITLE)?, described(&mut fields)?, active?))
}

/// The name of an agent.
pub fn name(body: &[u8]) -> Result<String, Error> {
    title(&mut Fields::read(body, &[NAME], 0)?, NAME)
}

/// What was seen of a draft, and why it is decided so.
pub fn decision(body: &[u8]) -> Result<(Seen, String), Error> {
    let mut fields = Fields::read_strictly(body, &[REVISION, REASON], 0)?;
    let seen = fields.number(REVISION, 1..=i64::MAX)?.ok_or_else(|| missing(REVISION))?;
    let reason = fields.text(REASON)?.unwrap_or_default();
    if reason.chars().count() > LONGEST {
        return Err(Error::BadRequest(format!("{REASON} is longer than {LONGEST} characters")));
    }
    Ok((Seen { draft: Some(seen), article: None }, reason))
}

/// The draft that has this ID, whatever it names else.
pub fn as_draft(id: ArticleId) -> Result<DraftId, Error> {
    id.to_string().parse().map_err(|_| Error::NotFound(format!("there is no draft {id}")))
}

fn described(fields: &mut Fields) -> Result<String, Error> {
    fields.text(DESCRIPTION)?.ok_or_else(|| missing(DESCRIPTION))
}

fn title(fields: &mut Fields, name: &str) -> Result<String, Error> {
    let text = needed(fields, name)?.trim().to_owned();
    if text.chars().count() > LONGEST {
        return Err(Error::BadRequest(format!("{name} is longer than {LONGEST} characters; shorten it")));
    }
    Ok(text)
}

fn needed(fields: &mut Fields, name: &str) -> Result<String, Error> {
    let text = fields.text(name)?.ok_or_else(|| missing(name))?;
    if text.trim().is_empty() {
        return Err(Error::BadRequest(format!("{name} must not be empty")));
    }
    Ok(text)
}

fn some(fields: &mut Fields, name: &str) -> Result<Vec<String>, Error> {
    let (texts, count) = fields.texts(name)?;
    match count {
        0 => Err(Error::BadRequest(format!("{name} must hold at least one text"))),
        count if count > MOST => {
            Err(Error::BadRequest(format!("{name} holds {count} texts; at most {MOST} are allowed")))
        }
        _ => Ok(texts),
    }
}

fn id_field<T: Named>(fields: &mut Fields, name: &str) -> Result<Option<T>, Error> {
    fields.text(name)?.map(|text| id(name, &text)).transpose()
}

/// An ID that stands in a field.
pub fn id<T: FromStr>(name: &str, text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::BadRequest(format!("{name} must be a UUID, got {}", quoted(text))))
}

fn missing(name: &str) -> Error {
    Error::BadRequest(format!("{name} is missing"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn whole() -> Value {
        json!({
            "title": "Canceling", "mainKnowledge": "Cancel from Billing.", "agentInstruction": "",
            "questions": ["How do I cancel?"], "keywords": ["cancel"], "escalation": false,
        })
    }

    #[test]
    fn every_part_of_the_content_is_required_and_named_when_it_is_not_there() {
        let article = written(whole().to_string().as_bytes()).unwrap();
        assert_eq!(article.wording.content.questions, ["How do I cancel?"]);
        assert!(!article.is_draft && article.folder.is_none() && article.seen == Seen::default());
        for name in [TITLE, TEXT, INSTRUCTION, QUESTIONS, KEYWORDS, ESCALATION] {
            let mut body = whole();
            body.as_object_mut().unwrap().remove(name);
            let refusal = written(body.to_string().as_bytes()).unwrap_err().to_string();
            assert!(refusal.contains(name), "{refusal}");
        }
        for (name, value) in [(TITLE, json!(" ")), (QUESTIONS, json!([])), (FOLDER, json!("x")), (REVISION, json!(0))] {
            let mut body = whole();
            body[name] = value;
            let refusal = written(body.to_string().as_bytes()).unwrap_err().to_string();
            assert!(refusal.contains(name), "{refusal}");
        }
    }

    #[test]
    fn a_decision_names_what_was_seen() {
        assert_eq!(
            decision(br#"{"draftRevision": 3}"#).unwrap(),
            (Seen { draft: Some(3), article: None }, String::new())
        );
        assert!(decision(b"{}").unwrap_err().to_string().contains(REVISION));
        assert!(decision(br#"{"draftRevision": 3, "all": true}"#).is_err(), "nothing unknown widens a decision");
    }
}
