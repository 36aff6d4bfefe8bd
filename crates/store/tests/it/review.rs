//! Review: a run's text lands as a draft, people decide on what they saw, and nothing else becomes an article.

use std::sync::Arc;
use std::time::Duration;

use model::{
    Action, Article, ArticleId, Content, Draft, DraftState, Failure, FailureCode, Operation, Proposal, Refusal, Seen,
    WorkerId, WorkspaceId,
};
use store::{
    Approval, Behind, Change, Deed, DraftChange, DraftFilter, Landing, Likeness, NewDraft, NewText, Outcome, Settlement,
};

use crate::stores::{TestStore, at, batch, kept, on_both, page, text, unpaced};

on_both!(
    a_new_text_lands_as_a_draft_and_is_an_article_once_it_is_published,
    a_later_text_replaces_what_is_proposed_and_keeps_what_a_person_wrote,
    a_source_that_says_again_what_is_published_needs_no_decision,
    only_what_was_seen_is_published,
    two_drafts_against_one_version_cannot_both_be_published,
    what_is_dismissed_is_no_change_until_the_next_one,
    both_ways_to_end_a_run_land_alike,
    a_workspace_can_do_without_drafts,
    a_text_like_an_article_is_proposed_against_it,
    the_record_is_only_added_to,
    what_is_gone_twice_is_proposed_to_be_withdrawn,
);

const URL: &str = "https://docs.example.com/refunds";

pub fn content(title: &str, text: &str) -> Content {
    Content {
        title: title.to_owned(),
        main_knowledge: text.to_owned(),
        agent_instruction: String::new(),
        questions: vec![format!("What about {title}?")],
        keywords: vec![title.to_lowercase()],
        escalation: false,
    }
}

fn landing(new: &NewText) -> Landing {
    let shelf = "docs.example.com".to_owned();
    Landing { shelf, proposed: content(&new.title, &new.paragraphs.join("\n\n")), like: None }
}

pub fn deed(workspace: WorkspaceId, seconds: i64) -> Deed<'static> {
    Deed { workspace, actor: "ann", at: at(seconds) }
}

/// A run of the page at [`URL`] that gives this text.
async fn run(store: &TestStore, workspace: WorkspaceId, new: &NewText, change: Change, seconds: i64) {
    run_of(store, workspace, URL, (new, change, landing(new)), seconds).await;
}

pub async fn run_of(
    store: &TestStore,
    workspace: WorkspaceId,
    url: &str,
    (new, change, landing): (&NewText, Change, Landing),
    seconds: i64,
) {
    let worker = WorkerId::new();
    kept(store, async |write| write.queue_web(workspace, &batch([page(url)]), at(seconds)).await).await.unwrap();
    let job = store.claim(&unpaced(worker, 1), at(seconds)).await.remove(0);
    store.clock.set(at(seconds));
    let outcome = Outcome::Landed(Arc::new(new.clone()), change, Arc::new(landing));
    store.settle(worker, Settlement { job, outcome }).await.unwrap();
}

pub async fn drafts(store: &TestStore, workspace: WorkspaceId) -> Vec<Draft> {
    let mut read = store.read().await.unwrap();
    read.drafts(workspace, DraftFilter::default(), &Behind::start(), 100).await.unwrap()
}

async fn publish(
    store: &TestStore,
    workspace: WorkspaceId,
    draft: &Draft,
    seen: Seen,
    seconds: i64,
) -> Result<Article, Refusal> {
    let approval = Approval { seen, ..Approval::default() };
    let published = kept(store, async |write| write.publish(deed(workspace, seconds), draft.id, &approval).await).await;
    published.unwrap().unwrap()
}

fn seen(draft: &Draft) -> Seen {
    Seen { draft: Some(draft.revision), article: None }
}

async fn document(store: &TestStore, workspace: WorkspaceId, seconds: i64) -> model::Document {
    let known = kept(store, async |write| {
        write
            .documents(
                workspace,
                &store::Filter::default(),
                &store::Page { limit: 10, cursor: None, direction: store::Direction::Next },
                at(seconds),
            )
            .await
    })
    .await;
    known.unwrap().unwrap().documents.into_iter().find(|document| document.external_id == URL).unwrap()
}

async fn a_new_text_lands_as_a_draft_and_is_an_article_once_it_is_published(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    run(&store, acme, &text("Refunds", &["Five days."]), Change::First, 1).await;
    let draft = drafts(&store, acme).await.remove(0);
    assert_eq!(
        (draft.proposal, draft.state, draft.revision, draft.article),
        (Proposal::Add, DraftState::Open, 1, None)
    );
    assert_eq!(draft.shown(), &content("Refunds", "Five days."));
    let landed = document(&store, acme, 2).await;
    assert_eq!(draft.backing.map(|backing| (backing.document, backing.revision)), Some((landed.id, 1)));
    assert_eq!((landed.linked_operation, landed.changed), (Some(Operation::AddArticleToFolder), false));
    assert!(landed.linked_reason.is_some() && landed.linked_knowledge.is_none());

    let mut read = store.read().await.unwrap();
    let folders = read.folders(acme).await.unwrap();
    let titles: Vec<&str> = folders.iter().map(|folder| folder.title.as_str()).collect();
    assert!(titles.contains(&"Imported") && titles.contains(&"docs.example.com"), "{titles:?}");
    let shelf = folders.iter().find(|folder| folder.id == draft.folder).unwrap();
    assert_eq!(shelf.title, "docs.example.com");
    assert_eq!(read.articles(acme, &Behind::start(), 10).await.unwrap(), [], "nothing is live before somebody says so");
    assert_eq!(read.open_drafts(acme).await.unwrap(), 1);
    assert_eq!((read.draft(other, draft.id).await.unwrap(), read.open_drafts(other).await.unwrap()), (None, 0));
    assert_eq!(read.draft_owner(draft.id).await.unwrap(), Some(acme));
    drop(read);

    let foreign = kept(&store, async |write| write.publish(deed(other, 3), draft.id, &Approval::default()).await).await;
    assert_eq!(foreign.unwrap(), None);
    let article = publish(&store, acme, &draft, seen(&draft), 4).await.unwrap();
    assert_eq!((article.version, article.active, article.folder), (1, true, draft.folder));
    assert_eq!(article.content, *draft.shown());
    assert_eq!(article.backing, draft.backing);
    let mut read = store.read().await.unwrap();
    assert_eq!(read.article(acme, article.id).await.unwrap(), Some(article.clone()));
    assert_eq!(read.article(other, article.id).await.unwrap(), None);
    assert_eq!(read.article_owner(article.id).await.unwrap(), Some(acme));
    let decided = read.draft(acme, draft.id).await.unwrap().unwrap();
    assert_eq!((decided.state, decided.article), (DraftState::Published, Some(article.id)));
    let versions = read.versions(acme, article.id).await.unwrap();
    assert_eq!(versions.len(), 1);
    assert_eq!(
        (versions[0].draft, versions[0].actor.as_str(), versions[0].backing),
        (Some(draft.id), "ann", draft.backing)
    );
    drop(read);
    let linked = document(&store, acme, 5).await;
    assert_eq!((linked.linked_knowledge, linked.changed), (Some(article.id.to_string()), false));
    assert_eq!(drafts(&store, acme).await, []);
}

async fn a_later_text_replaces_what_is_proposed_and_keeps_what_a_person_wrote(store: TestStore) {
    let acme = store.workspace("acme").await;
    run(&store, acme, &text("Refunds", &["Five days."]), Change::First, 1).await;
    let first = drafts(&store, acme).await.remove(0);
    run(&store, acme, &text("Refunds", &["Six days."]), Change::Material, 2).await;
    let second = drafts(&store, acme).await.remove(0);
    assert_eq!((second.id, second.revision, second.shown().main_knowledge.as_str()), (first.id, 2, "Six days."));

    let mine = content("Refunds", "Six days, says Ann.");
    let change = DraftChange { content: Some(mine.clone()), ..DraftChange::default() };
    let edited = kept(&store, async |write| write.change_draft(deed(acme, 3), first.id, seen(&second), &change).await);
    let edited = edited.await.unwrap().unwrap().unwrap();
    assert_eq!((edited.revision, edited.shown(), edited.is_edit_behind()), (3, &mine, false));
    run(&store, acme, &text("Refunds", &["Seven days."]), Change::Material, 4).await;
    let third = drafts(&store, acme).await.remove(0);
    assert_eq!((third.id, third.revision, third.shown(), third.is_edit_behind()), (first.id, 4, &mine, true));
    assert_eq!(third.proposed.main_knowledge, "Seven days.");
    let stale = publish(&store, acme, &edited, seen(&edited), 5).await;
    assert_eq!(stale, Err(Refusal::Changed { seen: 3, current: 4 }));
    let article = publish(&store, acme, &third, seen(&third), 6).await.unwrap();
    assert_eq!((article.content, article.backing.unwrap().revision), (mine, 3));
}

async fn a_source_that_says_again_what_is_published_needs_no_decision(store: TestStore) {
    let acme = store.workspace("acme").await;
    let published = text("Refunds", &["Five days."]);
    run(&store, acme, &published, Change::First, 1).await;
    let draft = drafts(&store, acme).await.remove(0);
    let article = publish(&store, acme, &draft, seen(&draft), 2).await.unwrap();
    run(&store, acme, &text("Refunds", &["Six days."]), Change::Material, 3).await;
    let changed = document(&store, acme, 3).await;
    assert_eq!((changed.linked_operation, changed.changed), (Some(Operation::UpdateArticle), true));
    let update = drafts(&store, acme).await.remove(0);
    assert_eq!(
        (update.proposal, update.article, update.article_version),
        (Proposal::Update, Some(article.id), Some(1))
    );

    run(&store, acme, &published, Change::Material, 4).await;
    let back = document(&store, acme, 4).await;
    assert_eq!((back.linked_operation, back.changed), (Some(Operation::DoNothing), false));
    assert_eq!(drafts(&store, acme).await, []);
    let old = store.read().await.unwrap().draft(acme, update.id).await.unwrap().unwrap();
    assert_eq!(old.state, DraftState::Superseded);
    assert_eq!(publish(&store, acme, &update, seen(&update), 5).await, Err(Refusal::Decided(DraftState::Superseded)));
}

async fn only_what_was_seen_is_published(store: TestStore) {
    let acme = store.workspace("acme").await;
    run(&store, acme, &text("Refunds", &["Five days."]), Change::First, 1).await;
    let draft = drafts(&store, acme).await.remove(0);
    let before = store.dump().await;
    for revision in [0, 2] {
        let refused = publish(&store, acme, &draft, Seen { draft: Some(revision), article: None }, 2).await;
        assert_eq!(refused, Err(Refusal::Changed { seen: revision, current: 1 }));
    }
    let gone = Approval { folder: Some(model::FolderId::new()), ..Approval::default() };
    let refused = kept(&store, async |write| write.publish(deed(acme, 2), draft.id, &gone).await).await;
    assert_eq!(refused.unwrap().unwrap(), Err(Refusal::Homeless));
    assert_eq!(store.dump().await, before, "a refusal writes nothing");
    publish(&store, acme, &draft, seen(&draft), 3).await.unwrap();
    let twice = publish(&store, acme, &draft, seen(&draft), 4).await;
    assert_eq!(twice, Err(Refusal::Decided(DraftState::Published)));
}

/// A live article, written past Review.
pub async fn live(store: &TestStore, workspace: WorkspaceId, title: &str, seconds: i64) -> Article {
    let folder = model::Folder {
        id: model::FolderId::named(workspace, title),
        parent: None,
        title: title.to_owned(),
        description: String::new(),
        active: true,
        created_at: at(seconds),
        updated_at: at(seconds),
    };
    let wording = store::Wording { content: content(title, "As it is."), active: None, public: None, origin: None };
    kept(store, async |write| {
        write.keep_folder(deed(workspace, seconds), &folder).await.unwrap().unwrap();
        write.write_article(deed(workspace, seconds), folder.id, &wording).await
    })
    .await
    .unwrap()
    .unwrap()
}

pub async fn fork(store: &TestStore, workspace: WorkspaceId, article: &Article, text: &str, seconds: i64) -> Draft {
    let new = NewDraft {
        proposal: Proposal::Update,
        reason: "a person proposes another text".to_owned(),
        article: Some((article.id, article.version)),
        folder: article.folder,
        backing: None,
        content: content(&article.content.title, text),
        active: None,
        public: None,
        origin: Some("hand".to_owned()),
    };
    kept(store, async |write| write.add_draft(deed(workspace, seconds), &new).await).await.unwrap()
}

async fn two_drafts_against_one_version_cannot_both_be_published(store: TestStore) {
    let acme = store.workspace("acme").await;
    let article = live(&store, acme, "Refunds", 1).await;
    let (one, two) = (fork(&store, acme, &article, "One.", 2).await, fork(&store, acme, &article, "Two.", 2).await);
    let second = publish(&store, acme, &one, seen(&one), 3).await.unwrap();
    assert_eq!((second.id, second.version, second.content.main_knowledge.as_str()), (article.id, 2, "One."));
    assert_eq!(publish(&store, acme, &two, seen(&two), 4).await, Err(Refusal::Outdated { base: 1, current: 2 }));
    // Who says that version 2 was taken into account, and writes it down, may publish.
    let change = DraftChange {
        content: Some(content("Refunds", "One and two.")),
        article_version: Some(2),
        ..DraftChange::default()
    };
    let edited = kept(&store, async |write| write.change_draft(deed(acme, 5), two.id, seen(&two), &change).await);
    let edited = edited.await.unwrap().unwrap().unwrap();
    assert_eq!(publish(&store, acme, &edited, seen(&edited), 6).await.unwrap().version, 3);
    let versions = store.read().await.unwrap().versions(acme, article.id).await.unwrap();
    let texts: Vec<_> = versions.iter().map(|version| version.content.main_knowledge.as_str()).collect();
    assert_eq!(texts, ["One and two.", "One.", "As it is."]);
}

async fn what_is_dismissed_is_no_change_until_the_next_one(store: TestStore) {
    let acme = store.workspace("acme").await;
    run(&store, acme, &text("Refunds", &["Five days."]), Change::First, 1).await;
    let draft = drafts(&store, acme).await.remove(0);
    publish(&store, acme, &draft, seen(&draft), 2).await.unwrap();
    run(&store, acme, &text("Refunds", &["Six days."]), Change::Material, 3).await;
    let update = drafts(&store, acme).await.remove(0);
    let unseen = Seen { draft: Some(9), article: None };
    let refused = kept(&store, async |write| write.dismiss_draft(deed(acme, 4), update.id, unseen, "no").await).await;
    assert_eq!(refused.unwrap().unwrap(), Err(Refusal::Changed { seen: 9, current: 1 }));
    let dismissed =
        kept(&store, async |write| write.dismiss_draft(deed(acme, 4), update.id, seen(&update), "no").await);
    assert_eq!(dismissed.await.unwrap().unwrap().unwrap().state, DraftState::Dismissed);
    assert!(!document(&store, acme, 4).await.changed);
    run(&store, acme, &text("Refunds", &["Seven days."]), Change::Material, 5).await;
    let next = drafts(&store, acme).await.remove(0);
    assert!(next.id != update.id && next.revision == 1, "what was decided stays decided");
    assert!(document(&store, acme, 5).await.changed);
}

async fn both_ways_to_end_a_run_land_alike(store: TestStore) {
    let (one, two) = (store.workspace("one").await, store.workspace("two").await);
    let new = text("Refunds", &["Five days."]);
    run(&store, one, &new, Change::First, 1).await;
    let worker = WorkerId::new();
    kept(&store, async |write| write.queue_web(two, &batch([page(URL)]), at(1)).await).await.unwrap();
    let job = store.claim(&unpaced(worker, 1), at(1)).await.remove(0);
    let outcome = Outcome::Landed(Arc::new(new.clone()), Change::First, Arc::new(landing(&new)));
    let settlements = [(worker, Settlement { job, outcome })];
    let held = kept(&store, async |write| write.settle(&settlements, at(1)).await).await.unwrap();
    assert_eq!(held, [true]);
    let told = |draft: Draft| (draft.proposal, draft.reason, draft.revision, draft.proposed, draft.created_at);
    let [of_one, of_two] = [drafts(&store, one).await.remove(0), drafts(&store, two).await.remove(0)];
    assert_ne!(of_one.folder, of_two.folder);
    assert_eq!(told(of_one), told(of_two));
    let [one, two] = [document(&store, one, 2).await, document(&store, two, 2).await];
    assert_eq!((one.linked_operation, one.linked_reason), (two.linked_operation, two.linked_reason));
}

async fn a_workspace_can_do_without_drafts(store: TestStore) {
    let acme = store.workspace("acme").await;
    assert!(store.read().await.unwrap().drafting(acme).await.unwrap());
    kept(&store, async |write| write.set_drafting(acme, false).await).await.unwrap();
    run(&store, acme, &text("Refunds", &["Five days."]), Change::First, 1).await;
    assert_eq!(drafts(&store, acme).await, []);
    assert_eq!(document(&store, acme, 2).await.linked_operation, None);
    kept(&store, async |write| write.set_drafting(acme, true).await).await.unwrap();
    run(&store, acme, &text("Refunds", &["Six days."]), Change::Material, 3).await;
    assert_eq!(drafts(&store, acme).await.len(), 1);
}

async fn a_text_like_an_article_is_proposed_against_it(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let (article, foreign) = (live(&store, acme, "Refunds", 1).await, live(&store, other, "Refunds", 1).await);
    let new = text("Refunds", &["As it is, more or less."]);
    let like = |article: ArticleId| Some(Likeness { article, why: "it agrees with “Refunds” to 90 %".to_owned() });
    let like_a = Landing { like: like(article.id), ..landing(&new) };
    run_of(&store, acme, URL, (&new, Change::First, like_a), 2).await;
    let draft = drafts(&store, acme).await.remove(0);
    assert_eq!((draft.proposal, draft.article, draft.folder), (Proposal::Update, Some(article.id), article.folder));
    assert!(draft.reason.contains("90 %"), "{}", draft.reason);
    let like_foreign = Landing { like: like(foreign.id), ..landing(&new) };
    run_of(&store, acme, "https://docs.example.com/other", (&new, Change::First, like_foreign), 3).await;
    let proposals: Vec<_> = drafts(&store, acme).await.into_iter().map(|draft| draft.proposal).collect();
    assert_eq!(proposals, [Proposal::Add, Proposal::Update], "another workspace's article is none");
    let published = publish(&store, acme, &draft, seen(&draft), 4).await.unwrap();
    assert_eq!((published.id, published.version), (article.id, 2));
    assert_eq!(document(&store, acme, 5).await.linked_knowledge, Some(article.id.to_string()));
}

async fn the_record_is_only_added_to(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let article = live(&store, acme, "Refunds", 1).await;
    let draft = fork(&store, acme, &article, "Other.", 2).await;
    publish(&store, acme, &draft, seen(&draft), 3).await.unwrap();
    let mut read = store.read().await.unwrap();
    let entries = read.audit(acme, None, 10).await.unwrap();
    let actions: Vec<_> = entries.iter().map(|entry| entry.action).collect();
    assert_eq!(actions, [Action::Publish, Action::Write]);
    assert_eq!(
        (entries[0].actor.as_str(), entries[0].at, entries[0].subject_id.clone()),
        ("ann", at(3), article.id.to_string())
    );
    assert_eq!((&entries[0].detail["draftRevision"], &entries[0].detail["version"]), (&1.into(), &2.into()));
    assert_eq!(read.audit(acme, Some(entries[0].id), 10).await.unwrap(), entries[1..]);
    assert_eq!(read.audit(other, None, 10).await.unwrap(), []);
    drop(read);
    for statement in ["UPDATE audit SET actor = 'eve'", "DELETE FROM audit"] {
        let refused = store.try_sql(statement).await.unwrap_err();
        assert!(refused.contains("only added to"), "{refused}");
    }
}

const DAY: Duration = Duration::from_hours(24);

/// A run of the page at [`URL`] that is told that it is gone; by both ways to end a run.
async fn gone(store: &TestStore, workspace: WorkspaceId, at_once: bool, seconds: i64) {
    let failure = Failure::new(FailureCode::NotFound, "there is no such page");
    end(store, workspace, Outcome::Gone(failure, DAY), at_once, seconds).await;
}

async fn end(store: &TestStore, workspace: WorkspaceId, outcome: Outcome, at_once: bool, seconds: i64) {
    let worker = WorkerId::new();
    kept(store, async |write| write.queue_web(workspace, &batch([page(URL)]), at(seconds)).await).await.unwrap();
    let job = store.claim(&unpaced(worker, 1), at(seconds)).await.remove(0);
    store.clock.set(at(seconds));
    let settlement = Settlement { job, outcome };
    if at_once {
        store.settle(worker, settlement).await.unwrap();
    } else {
        let held = kept(store, async |write| write.settle(&[(worker, settlement)], at(seconds)).await).await;
        assert_eq!(held.unwrap(), [true]);
    }
}

async fn what_is_gone_twice_is_proposed_to_be_withdrawn(store: TestStore) {
    let day = i64::try_from(DAY.as_secs()).unwrap();
    for at_once in [true, false] {
        let acme = store.workspace(&format!("acme {at_once}")).await;
        run(&store, acme, &text("Refunds", &["Five days."]), Change::First, 1).await;
        let draft = drafts(&store, acme).await.remove(0);
        let article = publish(&store, acme, &draft, seen(&draft), 2).await.unwrap();
        gone(&store, acme, at_once, 10).await;
        gone(&store, acme, at_once, day).await;
        assert_eq!(drafts(&store, acme).await, [], "not a day yet");
        let down = Outcome::Failed(Failure::new(FailureCode::ServerError, "down"));
        end(&store, acme, down, at_once, day + 20).await;
        assert_eq!(drafts(&store, acme).await, [], "an outage withdraws nothing");
        gone(&store, acme, at_once, day + 30).await;
        let withdrawal = drafts(&store, acme).await.remove(0);
        assert_eq!(
            (withdrawal.proposal, withdrawal.article, withdrawal.revision),
            (Proposal::Withdraw, Some(article.id), 1)
        );
        gone(&store, acme, at_once, day + 40).await;
        assert_eq!(drafts(&store, acme).await, std::slice::from_ref(&withdrawal), "it is proposed once");
        let live = store.read().await.unwrap().article(acme, article.id).await.unwrap();
        assert_eq!(live, Some(article.clone()), "nothing is withdrawn by itself");

        end(&store, acme, Outcome::Unchanged, at_once, day + 50).await;
        assert_eq!(drafts(&store, acme).await, [], "the source has it again");
        gone(&store, acme, at_once, day + 60).await;
        assert_eq!(drafts(&store, acme).await, [], "it counts from anew");
        gone(&store, acme, at_once, 2 * day + 70).await;
        let again = drafts(&store, acme).await.remove(0);
        let withdrawn = publish(&store, acme, &again, seen(&again), 2 * day + 80).await.unwrap();
        assert_eq!((withdrawn.id, withdrawn.version, withdrawn.active), (article.id, 2, false));
        assert_eq!(withdrawn.content, article.content);

        run(&store, acme, &text("Refunds", &["Five days."]), Change::Material, 2 * day + 90).await;
        let back = drafts(&store, acme).await.remove(0);
        assert_eq!((back.proposal, back.article), (Proposal::Update, Some(article.id)), "the source has it again");
        let live = publish(&store, acme, &back, seen(&back), 2 * day + 100).await.unwrap();
        assert_eq!((live.version, live.active), (3, true));
    }
}
