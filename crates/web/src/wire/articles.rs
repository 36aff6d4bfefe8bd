//! Articles and drafts as they go out, and the bodies that write them.

use model::draft::Draft as StoredDraft;
use model::{Article as Stored, ArticleVersion, Backing, Content};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::ProposalWord;

/// An article that agents may answer from, or a draft that awaits a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the wire contract names each of them")]
pub struct Article {
    /// Its ID.
    #[schema(format = Uuid, example = "7f5392e5-dc7d-4558-8860-cf3ea4b32f94")]
    pub id: String,
    /// Its title.
    #[schema(example = "Refund policy")]
    pub title: String,
    /// Its text, Markdown.
    #[schema(example = "Refunds are paid within five working days.")]
    pub main_knowledge: String,
    /// How an agent is to use it; for agents alone.
    #[schema(example = "")]
    pub agent_instruction: String,
    /// Questions that it answers.
    #[schema(example = json!(["How long does a refund take?"]))]
    pub questions: Vec<String>,
    /// Words by which it is found.
    #[schema(example = json!(["refund"]))]
    pub keywords: Vec<String>,
    /// Whether an agent hands over to a person here.
    #[schema(example = false)]
    pub escalation: bool,
    /// Whether agents may answer from it; of a draft, whether they may once it is published.
    #[schema(example = true)]
    pub active: bool,
    /// Whether it is shown in a help center.
    #[schema(example = false)]
    pub public: bool,
    /// The folder it is in; of a draft, where it will be.
    #[schema(format = Uuid, example = "0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b")]
    pub parent_folder_id: String,
    /// Who wrote it, in the caller's words.
    #[schema(example = json!(null))]
    pub origin: Option<String>,
    /// How often it was published; 0 for a draft.
    #[schema(example = 3)]
    pub version: i64,
    /// Whether it is a draft.
    #[schema(example = false)]
    pub is_draft: bool,
    /// The article that a draft is against.
    #[schema(format = Uuid, example = json!(null))]
    pub original_article_id: Option<String>,
    /// The version of it that the draft was made against.
    #[schema(example = json!(null))]
    pub original_article_version: Option<i64>,
    /// Whether the draft has been published.
    #[schema(example = false)]
    pub is_draft_published: bool,
    /// When it was made.
    #[schema(format = DateTime, example = "2026-05-22T06:05:34.221Z")]
    pub created_at: String,
    /// When it last changed.
    #[schema(format = DateTime, example = "2026-05-22T06:10:58.710Z")]
    pub updated_at: String,
    /// The document that it follows.
    #[schema(format = Uuid, example = json!(null))]
    pub document_id: Option<String>,
    /// The number of the document's text that it was made from.
    #[schema(example = json!(null))]
    pub source_revision: Option<i64>,
    /// How often what is to be seen of a draft has changed: name it to approve what you saw. Null for an article.
    #[schema(example = json!(null))]
    pub draft_revision: Option<i64>,
    /// What a draft proposes. Null for an article.
    #[schema(value_type = Option<ProposalWord>, example = json!(null))]
    pub proposal: Option<String>,
    /// Why it proposes that. Null for an article.
    #[schema(example = json!(null))]
    pub reason: Option<String>,
}

/// One page of articles and drafts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Articles {
    /// Those that changed last first.
    pub articles: Vec<Article>,
    /// Whether there are more.
    pub has_more: bool,
}

/// One version of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Its number, from 1.
    #[schema(example = 3)]
    pub version: i64,
    /// Its title.
    #[schema(example = "Refund policy")]
    pub title: String,
    /// Its text, Markdown.
    #[schema(example = "Refunds are paid within five working days.")]
    pub main_knowledge: String,
    /// How an agent was to use it.
    #[schema(example = "")]
    pub agent_instruction: String,
    /// Questions that it answered.
    #[schema(example = json!(["How long does a refund take?"]))]
    pub questions: Vec<String>,
    /// Words by which it was found.
    #[schema(example = json!(["refund"]))]
    pub keywords: Vec<String>,
    /// Whether an agent handed over to a person here.
    #[schema(example = false)]
    pub escalation: bool,
    /// Whether agents might answer from it.
    #[schema(example = true)]
    pub active: bool,
    /// Whether it was shown in a help center.
    #[schema(example = false)]
    pub public: bool,
    /// The document that it was made from.
    #[schema(format = Uuid, example = json!(null))]
    pub document_id: Option<String>,
    /// The number of that document's text.
    #[schema(example = json!(null))]
    pub source_revision: Option<i64>,
    /// The draft that was published.
    #[schema(format = Uuid, example = json!(null))]
    pub draft_id: Option<String>,
    /// Who published it.
    #[schema(example = "key 4f5ef695-d03b-4d56-8fef-7f2bd5c17ef3")]
    pub actor: String,
    /// When.
    #[schema(format = DateTime, example = "2026-05-22T06:10:58.710Z")]
    pub created_at: String,
}

/// The versions of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Versions {
    /// The latest first.
    pub versions: Vec<Version>,
}

/// An article as it is to be.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct WriteRequest {
    /// Its title.
    #[schema(example = "Canceling your subscription")]
    title: String,
    /// Its text, Markdown.
    #[schema(example = "Customers can cancel from Billing in the dashboard.")]
    main_knowledge: String,
    /// How an agent is to use it; may be empty.
    #[schema(example = "Use this only for self-serve web plans.")]
    agent_instruction: String,
    /// Questions that it answers, at least one.
    #[schema(min_items = 1, example = json!(["How do I cancel?"]))]
    questions: Vec<String>,
    /// Words by which it is found, at least one.
    #[schema(min_items = 1, example = json!(["cancel"]))]
    keywords: Vec<String>,
    /// Whether an agent hands over to a person here.
    #[schema(example = false)]
    escalation: bool,
    /// The folder. Required for what is new.
    #[schema(required = false, format = Uuid, example = "0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b")]
    parent_folder_id: Option<String>,
    /// Whether to keep it as a draft instead of publishing it; only when an article is created.
    #[schema(required = false, default = false)]
    is_draft: Option<bool>,
    /// Who wrote it, in your words.
    #[schema(required = false)]
    origin: Option<String>,
    /// Whether agents may answer from it.
    #[schema(required = false)]
    active: Option<bool>,
    /// Whether it is shown in a help center.
    #[schema(required = false)]
    public: Option<bool>,
    /// The revision of the draft that was seen: when it has another one by now, the answer is 409.
    #[schema(required = false)]
    draft_revision: Option<i64>,
    /// The version of the article that was seen.
    #[schema(required = false)]
    original_article_version: Option<i64>,
}

/// Which articles.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct ArticlesByIdRequest {
    /// IDs of articles and drafts.
    #[schema(example = json!(["7f5392e5-dc7d-4558-8860-cf3ea4b32f94"]))]
    article_ids: Vec<String>,
}

/// Where to.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct MoveRequest {
    /// The folder.
    #[schema(format = Uuid, example = "0f4da4fe-b2ae-4787-8c3b-854f36d9eb1b")]
    parent_folder_id: String,
}

/// Which version.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body; the route reads it field by field, to name what is wrong")]
pub struct RestoreRequest {
    /// Its number.
    #[schema(minimum = 1, example = 2)]
    version: i64,
}

fn document(backing: Option<Backing>) -> Option<String> {
    backing.map(|backing| backing.document.to_string())
}

impl From<Stored> for Article {
    fn from(article: Stored) -> Self {
        let Content { title, main_knowledge, agent_instruction, questions, keywords, escalation } = article.content;
        Self {
            id: article.id.to_string(),
            title,
            main_knowledge,
            agent_instruction,
            questions,
            keywords,
            escalation,
            active: article.active,
            public: article.public,
            parent_folder_id: article.folder.to_string(),
            origin: article.origin,
            version: article.version,
            is_draft: false,
            original_article_id: None,
            original_article_version: None,
            is_draft_published: false,
            created_at: article.created_at.to_string(),
            updated_at: article.updated_at.to_string(),
            document_id: document(article.backing),
            source_revision: article.backing.map(|backing| backing.revision),
            draft_revision: None,
            proposal: None,
            reason: None,
        }
    }
}

impl From<StoredDraft> for Article {
    fn from(draft: StoredDraft) -> Self {
        let shown = draft.shown().clone();
        let Content { title, main_knowledge, agent_instruction, questions, keywords, escalation } = shown;
        Self {
            id: draft.id.to_string(),
            title,
            main_knowledge,
            agent_instruction,
            questions,
            keywords,
            escalation,
            active: draft.active.unwrap_or(draft.proposal != model::Proposal::Withdraw),
            public: draft.public.unwrap_or(false),
            parent_folder_id: draft.folder.to_string(),
            origin: draft.origin,
            version: 0,
            is_draft: true,
            original_article_id: draft.article.map(|article| article.to_string()),
            original_article_version: draft.article_version,
            is_draft_published: draft.state == model::DraftState::Published,
            created_at: draft.created_at.to_string(),
            updated_at: draft.updated_at.to_string(),
            document_id: document(draft.backing),
            source_revision: draft.backing.map(|backing| backing.revision),
            draft_revision: Some(draft.revision),
            proposal: Some(draft.proposal.to_string()),
            reason: Some(draft.reason),
        }
    }
}

impl From<ArticleVersion> for Version {
    fn from(version: ArticleVersion) -> Self {
        let Content { title, main_knowledge, agent_instruction, questions, keywords, escalation } = version.content;
        Self {
            version: version.version,
            title,
            main_knowledge,
            agent_instruction,
            questions,
            keywords,
            escalation,
            active: version.active,
            public: version.public,
            document_id: document(version.backing),
            source_revision: version.backing.map(|backing| backing.revision),
            draft_id: version.draft.map(|draft| draft.to_string()),
            actor: version.actor,
            created_at: version.created_at.to_string(),
        }
    }
}
