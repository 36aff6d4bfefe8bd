//! Queueing web pages: records and jobs of one call in one transaction, whatever its size.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use model::{Timestamp, WorkspaceId};
use serde_json::{Value, json};

use crate::at_once;
use crate::backend::{over_rows, run, statements};
use crate::calls::{Call, Pages, Queueing, Wanted, WebBatch};
use crate::rows::rows;
use crate::{Error, Store, Write};

statements! {
    // A cross join keeps SQLite from reading the whole list again for each document of the workspace.
    KNOWN = over_rows!(
        "SELECT d.workspace_id, d.external_id FROM",
        "CROSS JOIN documents d
         WHERE d.workspace_id = r.value ->> 0 AND d.source = 'web' AND d.external_id = r.value ->> 1"
    );
}

impl Store {
    /// Queues the pages of a call, in one transaction with the calls that come at the same time.
    pub async fn queue_web(&self, workspace: WorkspaceId, batch: WebBatch) -> Result<Queueing, Error> {
        let (store, weight) = (self.clone(), batch.wanted.len());
        let desk = self.desks.queueing(batch.flags);
        desk.ask(Call { workspace, batch: Arc::new(batch) }, weight, move |calls| store.clone().queue_group(calls))
            .await
    }

    async fn queue_group(self, calls: Vec<Call>) -> Result<Vec<Queueing>, Error> {
        let pages: Vec<Vec<&Wanted>> = calls.iter().map(|call| merged(&call.batch.wanted)).collect();
        let asked: Vec<Pages<'_>> = calls.iter().zip(&pages).collect();
        let answers = if at_once::fits(&self.pools, &asked) {
            model::faults::reach("enqueue.before_commit");
            self.queue_at_once(&asked, self.now()).await?
        } else {
            let mut write = self.write().await?;
            let answers = write.queue_calls(&asked, self.low_key(), self.now()).await?;
            model::faults::reach("enqueue.before_commit");
            write.commit().await?;
            answers
        };
        model::faults::reach("enqueue.after_commit");
        if answers.iter().any(|answer| matches!(answer, Queueing::Queued { .. })) {
            self.bell.ring(self.now());
        }
        Ok(answers)
    }
}

impl Write {
    /// Makes or touches the record of every page and gives each a job, unless one lives already.
    pub async fn queue_web(
        &mut self,
        workspace: WorkspaceId,
        batch: &WebBatch,
        now: Timestamp,
    ) -> Result<Queueing, Error> {
        let call = Call { workspace, batch: Arc::new(batch.clone()) };
        let pages = merged(&call.batch.wanted);
        let mut answers = self.queue_calls(&[(&call, &pages)], 0, now).await?;
        answers.pop().ok_or_else(|| Error::Corrupt("a call was given no answer".to_owned()))
    }

    /// The same for several calls with the same flags. One that is refused writes nothing.
    async fn queue_calls(&mut self, calls: &[Pages<'_>], low_key: i64, now: Timestamp) -> Result<Vec<Queueing>, Error> {
        let unknown = self.unknown(calls).await?;
        let accepted: Vec<Pages<'_>> =
            calls.iter().zip(&unknown).filter(|(_, unknown)| unknown.is_empty()).map(|(call, _)| *call).collect();
        let mut saved = self.save_documents(&accepted, now).await?;
        self.add_jobs(&saved, low_key, now).await?;
        let answer = |(call, unknown): (&Pages<'_>, Vec<String>)| {
            if unknown.is_empty() { saved.answer(*call) } else { Ok(Queueing::Unknown(unknown)) }
        };
        calls.iter().zip(unknown).map(answer).collect()
    }

    /// The pages of each call that are to be refreshed and that its workspace does not know.
    async fn unknown(&mut self, calls: &[Pages<'_>]) -> Result<Vec<Vec<String>>, Error> {
        let named: Vec<Value> = calls
            .iter()
            .flat_map(|(call, pages)| {
                let workspace = call.workspace.to_string();
                refreshed(pages).map(move |page| json!([workspace, page.url.as_str()]))
            })
            .collect();
        if named.is_empty() {
            return Ok(vec![Vec::new(); calls.len()]);
        }
        let named = rows(named);
        let known: Vec<(String, String)> =
            run!(&mut self.tx, query_as::<(String, String)>(KNOWN), [&named], fetch_all)?;
        let known: HashSet<(String, String)> = known.into_iter().collect();
        let is_unknown =
            |workspace: &str, page: &Wanted| !known.contains(&(workspace.to_owned(), page.url.to_string()));
        let unknown = calls.iter().map(|(call, pages)| {
            let workspace = call.workspace.to_string();
            refreshed(pages).filter(|page| is_unknown(&workspace, page)).map(|page| page.original.clone()).collect()
        });
        Ok(unknown.collect())
    }
}

fn refreshed<'a>(pages: &[&'a Wanted]) -> impl Iterator<Item = &'a Wanted> {
    pages.iter().copied().filter(|page| !page.add)
}

/// Each page once, where it was first named; a page that is named to add and to refresh may be new.
fn merged(wanted: &[Wanted]) -> Vec<&Wanted> {
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(wanted.len());
    let mut pages: Vec<&Wanted> = Vec::with_capacity(wanted.len());
    for page in wanted {
        let place = *places.entry(page.url.as_str()).or_insert(pages.len());
        match pages.get_mut(place) {
            None => pages.push(page),
            Some(first) if page.add && !first.add => *first = page,
            Some(_) => {}
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use model::WebUrl;

    use super::*;

    fn page(url: &str, add: bool) -> Wanted {
        Wanted { url: WebUrl::parse(url).unwrap(), original: url.to_owned(), add }
    }

    #[test]
    fn repeats_count_once_where_first_named_and_adding_wins() {
        let wanted = [
            page("https://a.example/", false),
            page("https://b.example/", true),
            page("https://A.example", true),
            page("https://b.example/#x", false),
        ];
        let merged: Vec<_> = merged(&wanted).into_iter().map(|page| (page.url.as_str(), page.add)).collect();
        assert_eq!(merged, [("https://a.example/", true), ("https://b.example/", true)]);
    }
}
