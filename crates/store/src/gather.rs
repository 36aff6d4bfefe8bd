//! Calls that come while another of their kind is under way are answered together: one transaction, one commit, for all.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::Error;

/// So many must wait before a further group begins beside one that is under way: fewer go with the next.
const WORTH_A_RUN: usize = 8;
/// The same by what they weigh: this part of a whole group keeps a second processor of the database busy.
const PART_WORTH_A_RUN: usize = 4;

/// Where calls of one kind meet. Cheap to clone.
#[derive(Debug)]
pub(crate) struct Gather<Question, Answer>(Arc<Inner<Question, Answer>>);

#[derive(Debug)]
struct Inner<Question, Answer> {
    /// How many groups may be under way at once.
    runs: usize,
    /// The most that one group weighs; a heavier question goes alone.
    weight: usize,
    state: Mutex<State<Question, Answer>>,
}

#[derive(Debug)]
struct State<Question, Answer> {
    running: usize,
    waiting: Vec<Asked<Question, Answer>>,
}

#[derive(Debug)]
struct Asked<Question, Answer> {
    question: Question,
    weight: usize,
    answer: oneshot::Sender<Result<Answer, Error>>,
}

impl<Question, Answer> Clone for Gather<Question, Answer> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<Question: Clone + Send + Sync + 'static, Answer: Send + 'static> Gather<Question, Answer> {
    pub(crate) fn new(runs: usize, weight: usize) -> Self {
        Self(Arc::new(Inner { runs, weight, state: Mutex::new(State { running: 0, waiting: Vec::new() }) }))
    }

    /// Asks, together with whoever asks at the same time. `answer` is given the questions of a group and answers each, in
    /// their order, or fails for all; then each is asked alone, so that none suffers for another. It runs on a task of its
    /// own: a caller that leaves takes nobody with it.
    pub(crate) async fn ask<F>(
        &self,
        question: Question,
        weight: usize,
        answer: impl Fn(Vec<Question>) -> F + Send + Sync + 'static,
    ) -> Result<Answer, Error>
    where
        F: Future<Output = Result<Vec<Answer>, Error>> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let is_free = {
            let mut state = self.state();
            state.waiting.push(Asked { question, weight, answer: sender });
            let is_free = state.running == 0 || (state.running < self.0.runs && self.is_worth_a_run(&state.waiting));
            state.running += usize::from(is_free);
            is_free
        };
        if is_free {
            tokio::spawn(self.clone().run(answer));
        }
        receiver.await.map_err(|_| unanswered())?
    }

    fn is_worth_a_run(&self, waiting: &[Asked<Question, Answer>]) -> bool {
        let weight: usize = waiting.iter().map(|asked| asked.weight).sum();
        waiting.len() >= WORTH_A_RUN || weight >= self.0.weight / PART_WORTH_A_RUN
    }

    async fn run<F>(self, answer: impl Fn(Vec<Question>) -> F)
    where
        F: Future<Output = Result<Vec<Answer>, Error>>,
    {
        let mut place = Place { gather: self.clone(), left: false };
        // Whoever is about to ask just now goes along, instead of waiting for the first to be answered alone.
        tokio::task::yield_now().await;
        while let Some(group) = self.next_group(&mut place) {
            let questions: Vec<Question> = group.iter().map(|asked| asked.question.clone()).collect();
            match answer(questions).await {
                Ok(answers) => {
                    for (asked, answer) in group.into_iter().zip(answers) {
                        let _ = asked.answer.send(Ok(answer));
                    }
                }
                Err(error) => Self::answer_failed(group, error, &answer).await,
            }
        }
    }

    async fn answer_failed<F>(group: Vec<Asked<Question, Answer>>, error: Error, answer: &impl Fn(Vec<Question>) -> F)
    where
        F: Future<Output = Result<Vec<Answer>, Error>>,
    {
        let (is_alone, shared) = (group.len() == 1, error.echo());
        let mut error = Some(error);
        for asked in group {
            let alone = match (&shared, error.take().filter(|_| is_alone)) {
                (_, Some(error)) => Err(error),
                (Some(shared), None) => Err(shared.echo().unwrap_or_else(unanswered)),
                (None, None) => {
                    answer(vec![asked.question]).await.and_then(|mut answers| answers.pop().ok_or_else(unanswered))
                }
            };
            let _ = asked.answer.send(alone);
        }
    }

    /// Those who wait, as many as fit; with nobody there the run is over.
    fn next_group(&self, place: &mut Place<Question, Answer>) -> Option<Vec<Asked<Question, Answer>>> {
        let mut state = self.state();
        if state.waiting.is_empty() {
            state.running -= 1;
            place.left = true;
            return None;
        }
        let mut room = self.0.weight;
        let fits = |asked: &&Asked<_, _>| {
            room.checked_sub(asked.weight).is_some_and(|left| {
                room = left;
                true
            })
        };
        let fitting = state.waiting.iter().take_while(fits).count().max(1);
        Some(state.waiting.drain(..fitting).collect())
    }
}

impl<Question, Answer> Gather<Question, Answer> {
    fn state(&self) -> MutexGuard<'_, State<Question, Answer>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unanswered() -> Error {
    Error::Corrupt("a group of calls was given no answer".to_owned())
}

/// A run's place among the running ones. A run that panics leaves it too, so that the next call can start another.
struct Place<Question, Answer> {
    gather: Gather<Question, Answer>,
    left: bool,
}

impl<Question, Answer> Drop for Place<Question, Answer> {
    fn drop(&mut self) {
        if !self.left {
            self.gather.state().running -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Semaphore;

    use super::*;

    /// Answers each question with the group it came in, once let through.
    async fn groups(weights: &[usize]) -> Vec<Vec<usize>> {
        let (gather, gate) = (Gather::new(1, 10), Arc::new(Semaphore::new(0)));
        let asked = weights.iter().map(|weight| {
            let (gather, gate) = (gather.clone(), Arc::clone(&gate));
            let answer = move |group: Vec<usize>| {
                let gate = Arc::clone(&gate);
                async move {
                    gate.acquire().await.unwrap().forget();
                    Ok(group.iter().map(|_| group.clone()).collect())
                }
            };
            async move { gather.ask(*weight, *weight, answer).await.unwrap() }
        });
        let open = async { gate.add_permits(weights.len()) };
        let (answers, ()) = tokio::join!(futures_util::future::join_all(asked), open);
        answers
    }

    #[tokio::test]
    async fn who_comes_while_a_group_is_under_way_goes_with_the_next() {
        assert_eq!(groups(&[1]).await, [[1]]);
        let answers = groups(&[1, 2, 3, 4, 9]).await;
        assert_eq!(answers, [vec![1, 2, 3, 4], vec![1, 2, 3, 4], vec![1, 2, 3, 4], vec![1, 2, 3, 4], vec![9]]);
    }

    #[tokio::test]
    async fn what_is_too_heavy_for_a_group_goes_alone() {
        assert_eq!(groups(&[25, 1]).await, [vec![25], vec![1]]);
    }

    #[tokio::test]
    async fn a_group_that_panics_tells_its_callers_and_the_next_ones_are_answered() {
        let gather: Gather<u32, u32> = Gather::new(1, 10);
        let panics = |_| async { panic!("a fault in an answer") };
        assert!(gather.ask(1, 1, panics).await.is_err());
        assert_eq!(gather.ask(2, 1, async |group| Ok(group)).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn one_that_breaks_its_group_breaks_alone() {
        let gather: Gather<u32, u32> = Gather::new(1, 10);
        let answer = |group: Vec<u32>| async move {
            if group.contains(&2) { Err(Error::Conflict("two".to_owned())) } else { Ok(group) }
        };
        let asked = [1, 2, 3].map(|question| gather.ask(question, 1, answer));
        let answers = futures_util::future::join_all(asked).await;
        assert!(matches!(answers.as_slice(), [Ok(1), Err(Error::Conflict(_)), Ok(3)]), "{answers:?}");
    }

    #[tokio::test]
    async fn where_the_database_is_down_nobody_tries_again_alone() {
        let gather: Gather<u32, u32> = Gather::new(1, 10);
        let tries = Arc::new(Mutex::new(0));
        let answer = || {
            let tries = Arc::clone(&tries);
            move |_: Vec<u32>| {
                *tries.lock().unwrap() += 1;
                async { Err(Error::Down(sqlx::Error::PoolClosed)) }
            }
        };
        let answers = futures_util::future::join_all([1, 2, 3].map(|question| gather.ask(question, 1, answer()))).await;
        assert!(answers.iter().all(|answer| matches!(answer, Err(Error::Down(_)))), "{answers:?}");
        assert_eq!(*tries.lock().unwrap(), 1);
    }
}
