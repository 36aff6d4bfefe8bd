//! Folders, agents, articles and what is deleted: each workspace's own, and nothing is left hanging.

use std::sync::Arc;

use model::folder::DEEPEST;
use model::{Agent, AgentId, DraftState, Folder, FolderId, KnowledgeJobId, Operation, WorkerId, WorkspaceId};
use store::{Behind, Change, Error, KnowledgeJob, Landing, Outcome, Settlement, TreeRefusal, Wish, Wording};

use crate::review::{content, deed, drafts, fork, live, run_of};
use crate::stores::{TestStore, at, batch, dropped, kept, on_both, page, text, unpaced};

on_both!(
    the_tree_is_kept_in_order,
    a_folder_with_something_in_it_goes_only_with_all_of_it,
    agents_are_given_folders,
    articles_are_listed_moved_and_deleted,
    a_deleted_document_leaves_nothing_but_its_article,
    a_run_of_a_deleted_document_saves_nothing,
    what_is_asked_for_is_made_and_remembered,
);

fn folder(title: &str, parent: Option<FolderId>, seconds: i64) -> Folder {
    Folder {
        id: FolderId::new(),
        parent,
        title: title.to_owned(),
        description: "about".to_owned(),
        active: true,
        created_at: at(seconds),
        updated_at: at(seconds),
    }
}

async fn keep(store: &TestStore, workspace: WorkspaceId, folder: &Folder, seconds: i64) -> Result<(), TreeRefusal> {
    kept(store, async |write| write.keep_folder(deed(workspace, seconds), folder).await).await.unwrap()
}

async fn the_tree_is_kept_in_order(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let top = folder("top", None, 1);
    keep(&store, acme, &top, 1).await.unwrap();
    let mut above = top.clone();
    for depth in 2..=i64::try_from(DEEPEST).unwrap() {
        let next = folder(&depth.to_string(), Some(above.id), depth);
        keep(&store, acme, &next, depth).await.unwrap();
        above = next;
    }
    assert_eq!(keep(&store, acme, &folder("x", Some(above.id), 20), 20).await, Err(TreeRefusal::TooDeep));
    assert_eq!(keep(&store, acme, &folder("x", Some(FolderId::new()), 20), 20).await, Err(TreeRefusal::NoParent));
    let ring = Folder { parent: Some(above.id), ..top.clone() };
    assert_eq!(keep(&store, acme, &ring, 20).await, Err(TreeRefusal::Ring));
    assert_eq!(keep(&store, other, &folder("x", Some(top.id), 20), 20).await, Err(TreeRefusal::NoParent));

    let renamed = Folder { title: "Top".to_owned(), active: false, updated_at: at(21), ..top.clone() };
    keep(&store, acme, &renamed, 21).await.unwrap();
    let mut read = store.read().await.unwrap();
    assert_eq!(read.folder(acme, top.id).await.unwrap(), Some(renamed));
    assert_eq!(read.folder(other, top.id).await.unwrap(), None);
    assert_eq!(read.folder_owner(top.id).await.unwrap(), Some(acme));
    assert_eq!((read.folders(acme).await.unwrap().len(), read.folders(other).await.unwrap().len()), (DEEPEST, 0));
}

async fn a_folder_with_something_in_it_goes_only_with_all_of_it(store: TestStore) {
    let acme = store.workspace("acme").await;
    let article = live(&store, acme, "Refunds", 1).await;
    let draft = fork(&store, acme, &article, "Other.", 2).await;
    let inner = folder("inner", Some(article.folder), 3);
    keep(&store, acme, &inner, 3).await.unwrap();
    let delete = async |folder, cascade| {
        kept(&store, async |write| write.delete_folder(deed(acme, 4), folder, cascade).await).await.unwrap()
    };
    assert_eq!(delete(article.folder, false).await, Err(TreeRefusal::Full));
    assert_eq!(delete(inner.id, false).await, Ok(()));
    assert_eq!(delete(article.folder, false).await, Err(TreeRefusal::Full), "there is an article in it");
    assert_eq!(delete(article.folder, true).await, Ok(()));
    let mut read = store.read().await.unwrap();
    assert_eq!(read.folders(acme).await.unwrap(), []);
    assert_eq!(read.article(acme, article.id).await.unwrap(), None);
    let state = read.draft(acme, draft.id).await.unwrap().unwrap().state;
    assert!(state != DraftState::Open, "{state}");
    assert_eq!(read.versions(acme, article.id).await.unwrap().len(), 1, "what was published is remembered");
}

async fn agents_are_given_folders(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let (folder_a, folder_b) = (folder("a", None, 1), folder("b", None, 2));
    keep(&store, acme, &folder_a, 1).await.unwrap();
    keep(&store, other, &folder_b, 1).await.unwrap();
    let agent = |name: &str, seconds| Agent { id: AgentId::new(), name: name.to_owned(), created_at: at(seconds) };
    let (first, second) = (agent("first", 1), agent("second", 2));
    let mut write = store.write().await.unwrap();
    write.add_agent(acme, &first).await.unwrap();
    write.add_agent(acme, &second).await.unwrap();
    assert_eq!(write.agents(acme).await.unwrap(), [second.clone(), first.clone()], "the newest first");
    assert_eq!((write.agents(other).await.unwrap(), write.agent_owner(first.id).await.unwrap()), (vec![], Some(acme)));
    assert!(
        !write.rename_agent(other, first.id, "x").await.unwrap() && !write.delete_agent(other, first.id).await.unwrap()
    );
    assert!(write.rename_agent(acme, first.id, "renamed").await.unwrap());
    for (workspace, folder) in [(acme, folder_a.id), (acme, folder_a.id), (acme, folder_b.id), (other, folder_b.id)] {
        write.assign_folder(workspace, (first.id, folder), true).await.unwrap();
    }
    assert_eq!(
        write.folders_of_agent(acme, first.id).await.unwrap(),
        [folder_a.id],
        "only what is the workspace's own"
    );
    assert_eq!(write.folders_of_agent(other, first.id).await.unwrap(), []);
    write.assign_folder(acme, (first.id, folder_a.id), false).await.unwrap();
    assert_eq!(write.folders_of_agent(acme, first.id).await.unwrap(), []);
    write.assign_folder(acme, (second.id, folder_a.id), true).await.unwrap();
    assert!(write.delete_agent(acme, second.id).await.unwrap());
    assert_eq!(write.folders_of_agent(acme, second.id).await.unwrap(), []);
    write.commit().await.unwrap();
}

async fn articles_are_listed_moved_and_deleted(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    let (one, two) = (live(&store, acme, "One", 1).await, live(&store, acme, "Two", 2).await);
    let mut read = store.read().await.unwrap();
    let first = read.articles(acme, &Behind::start(), 1).await.unwrap();
    assert_eq!(first, std::slice::from_ref(&two));
    let behind = Behind { at: first[0].updated_at, id: first[0].id.to_string() };
    assert_eq!(read.articles(acme, &behind, 10).await.unwrap(), std::slice::from_ref(&one));
    assert_eq!(read.articles(other, &Behind::start(), 10).await.unwrap(), []);
    assert_eq!(read.articles_since(acme, None, 10).await.unwrap(), [one.clone(), two.clone()]);
    let of_one = Behind { at: one.updated_at, id: one.id.to_string() };
    assert_eq!(read.articles_since(acme, Some(&of_one), 10).await.unwrap(), std::slice::from_ref(&two));
    assert_eq!(read.articles_of(acme, &[one.id, one.id]).await.unwrap()[0], one);
    assert_eq!(read.articles_of(other, &[one.id, two.id]).await.unwrap(), []);
    let leaves = read.leaves(acme).await.unwrap();
    assert!(leaves.len() == 2 && leaves.iter().any(|leaf| leaf.title == "One" && leaf.folder == one.folder));
    drop(read);

    let wording = Wording { content: content("Two", "New."), active: Some(false), public: Some(true), origin: None };
    let rewritten = kept(&store, async |write| write.rewrite_article(deed(acme, 3), two.id, &wording).await).await;
    let rewritten = rewritten.unwrap().unwrap();
    assert_eq!((rewritten.version, rewritten.active, rewritten.public), (2, false, true));
    let foreign = kept(&store, async |write| write.rewrite_article(deed(other, 3), two.id, &wording).await).await;
    assert_eq!(foreign.unwrap(), None);
    let moved = kept(&store, async |write| write.move_article(deed(acme, 4), two.id, one.folder).await).await;
    assert_eq!(moved.unwrap().unwrap().folder, one.folder);
    let lost = kept(&store, async |write| write.move_article(deed(acme, 4), two.id, FolderId::new()).await).await;
    assert_eq!(lost.unwrap(), None);

    let draft = fork(&store, acme, &rewritten, "Other.", 5).await;
    assert_eq!(kept(&store, async |write| write.delete_article(deed(other, 6), two.id).await).await.unwrap(), None);
    let gone = kept(&store, async |write| write.delete_article(deed(acme, 6), two.id).await).await.unwrap();
    assert_eq!(gone.unwrap().id, two.id);
    let mut read = store.read().await.unwrap();
    assert_eq!(read.draft(acme, draft.id).await.unwrap().unwrap().state, DraftState::Superseded);
    assert_eq!(read.versions(acme, two.id).await.unwrap().len(), 2);
    assert_eq!(read.versions(other, two.id).await.unwrap(), []);
}

const URL: &str = "https://docs.example.com/refunds";

async fn landed(store: &TestStore, workspace: WorkspaceId, words: &str, change: Change, seconds: i64) {
    let new = text("Refunds", &[words]);
    let proposed = content("Refunds", words);
    let landing = Landing { shelf: "docs.example.com".to_owned(), proposed, like: None };
    run_of(store, workspace, URL, (&new, change, landing), seconds).await;
}

async fn a_deleted_document_leaves_nothing_but_its_article(store: TestStore) {
    for with_articles in [false, true] {
        let (acme, other) = (store.workspace(&format!("acme {with_articles}")).await, store.workspace("other").await);
        landed(&store, acme, "Five days.", Change::First, 1).await;
        let draft = drafts(&store, acme).await.remove(0);
        let document = draft.backing.unwrap().document;
        let approval = store::Approval::default();
        let article = kept(&store, async |write| write.publish(deed(acme, 2), draft.id, &approval).await).await;
        let article = article.unwrap().unwrap().unwrap();
        landed(&store, acme, "Six days.", Change::Material, 3).await;
        kept(&store, async |write| write.queue_web(acme, &batch([page(URL)]), at(4)).await).await.unwrap();
        let update = drafts(&store, acme).await.remove(0);

        let foreign = kept(&store, async |write| write.delete_documents(deed(other, 5), &[document], true).await).await;
        assert_eq!(foreign.unwrap(), (vec![], vec![]));
        let doomed = dropped(&store, async |write| write.doomed(acme, &[document]).await).await;
        assert_eq!(doomed.unwrap().len(), 1);
        let gone = kept(&store, async |write| write.delete_documents(deed(acme, 5), &[document], with_articles).await);
        let (documents, articles) = gone.await.unwrap();
        assert_eq!(
            (documents.len(), documents[0].title.as_str(), documents[0].original_url.as_str()),
            (1, "Refunds", URL)
        );
        assert_eq!((documents[0].article, articles.len()), (Some(article.id), usize::from(with_articles)));
        let mut read = store.read().await.unwrap();
        assert_eq!(read.document(acme, document, at(6)).await.unwrap(), None);
        assert_eq!(read.live_jobs(acme).await.unwrap(), 0);
        assert_eq!(read.article(acme, article.id).await.unwrap().is_some(), !with_articles);
        assert_eq!(read.draft(acme, update.id).await.unwrap().unwrap().state, DraftState::Superseded);
        assert_eq!(read.versions(acme, article.id).await.unwrap().len(), 1);
        drop(read);
        assert_eq!(store.count(&format!("revisions WHERE document_id = '{document}'")).await, 0);
    }
}

async fn a_run_of_a_deleted_document_saves_nothing(store: TestStore) {
    let (acme, worker) = (store.workspace("acme").await, WorkerId::new());
    let document = store.add(acme, &[URL], at(1)).await.remove(0);
    let job = store.claim(&unpaced(worker, 1), at(1)).await.remove(0);
    kept(&store, async |write| write.delete_documents(deed(acme, 2), &[document], false).await).await.unwrap();
    let before = store.dump().await;
    let new = text("Refunds", &["Five days."]);
    let landing =
        Landing { shelf: "docs.example.com".to_owned(), proposed: content("Refunds", "Five days."), like: None };
    let outcome = Outcome::Landed(Arc::new(new), Change::First, Arc::new(landing));
    let lost = store.settle(worker, Settlement { job, outcome }).await;
    assert!(matches!(lost, Err(Error::Lost)), "{lost:?}");
    assert_eq!(store.dump().await, before);
}

async fn what_is_asked_for_is_made_and_remembered(store: TestStore) {
    let (acme, other) = (store.workspace("acme").await, store.workspace("other").await);
    // Also where runs make no drafts by themselves.
    kept(&store, async |write| write.set_drafting(acme, false).await).await.unwrap();
    landed(&store, acme, "Five days.", Change::First, 1).await;
    assert_eq!(drafts(&store, acme).await, []);
    let document = store.texts("SELECT id FROM documents").await[0].parse().unwrap();
    let mut read = store.read().await.unwrap();
    let text = read.source_text(acme, document).await.unwrap().unwrap();
    assert_eq!((text.title.as_str(), text.external_id.as_str()), ("Refunds", URL));
    assert_eq!(read.source_text(other, document).await.unwrap(), None);
    drop(read);
    let proposed = content("Refunds", "Five days.");
    let landing = Landing { shelf: "docs.example.com".to_owned(), proposed, like: None };
    let wish = Wish {
        source: Some((document, text)),
        landing,
        allowed: Operation::ALL.to_vec(),
        is_draft: true,
        folder: None,
        origin: Some("sources".to_owned()),
    };
    let job = kept(&store, async |write| write.generate(deed(acme, 2), &wish).await).await.unwrap();
    let draft = drafts(&store, acme).await.remove(0);
    assert_eq!((job.article.clone(), job.document), (Some(draft.id.to_string()), Some(document)));
    let mut read = store.read().await.unwrap();
    assert_eq!(read.knowledge_jobs(acme, &[job.id]).await.unwrap(), std::slice::from_ref(&job));
    assert_eq!(read.knowledge_jobs(other, &[job.id]).await.unwrap(), []);
    drop(read);
    let only_updates = Wish { allowed: vec![Operation::UpdateArticle], ..wish.clone() };
    let refused = kept(&store, async |write| write.generate(deed(acme, 3), &only_updates).await).await.unwrap();
    assert!(refused.article.is_none() && refused.reason.contains("restrictedOps"), "{refused:?}");
    let free = Wish { source: None, is_draft: false, ..wish };
    let free = kept(&store, async |write| write.generate(deed(acme, 4), &free).await).await.unwrap();
    let live = store.read().await.unwrap().articles(acme, &Behind::start(), 10).await.unwrap();
    assert_eq!(free.article, Some(live[0].id.to_string()));
    let note = KnowledgeJob { id: KnowledgeJobId::new(), article: None, reason: "no text".to_owned(), ..job };
    kept(&store, async |write| write.keep_knowledge_job(acme, &note).await).await.unwrap();
    assert_eq!(store.read().await.unwrap().knowledge_jobs(acme, &[note.id]).await.unwrap(), [note]);
}
