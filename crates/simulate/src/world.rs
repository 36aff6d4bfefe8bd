//! The simulation itself: events in the order of their time, one after the other, without a real clock.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::rc::Rc;
use std::time::Duration;

use model::{Timestamp, WaitCode};
use reference::{Again, Claim, End, Grant, LaneNo, Lost, Queue, WorkerNo, WorkspaceNo};

use crate::crew::Seats;
use crate::plan::Plan;
use crate::random::Random;
use crate::tally::Tally;
use crate::watch::Watch;

/// How long a claim takes; finished runs of that time are gathered.
const CLAIM: Duration = Duration::from_millis(5);
/// How long robots.txt takes.
const ROBOTS: Duration = Duration::from_millis(100);
const RETRY_AFTER: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// The call of a load.
    Queue {
        load: usize,
        call: u32,
    },
    /// A worker with room looks for jobs.
    Look,
    /// robots.txt of a host was read.
    Robots {
        flight: usize,
    },
    /// A run is over.
    Over {
        flight: usize,
    },
    /// The process of a run dies.
    Crash {
        flight: usize,
    },
    Beat {
        seat: usize,
    },
    /// Somebody looks for leases that ran out.
    Reap,
}

/// A run that is under way.
#[derive(Debug, Clone)]
struct Flight {
    grant: Grant,
    seat: usize,
    worker: WorkerNo,
    stalls: bool,
}

/// What came of a simulation.
#[derive(Debug)]
pub struct Told {
    pub watch: Watch,
    pub tally: Tally,
    pub virtual_time: Duration,
    pub events: u64,
    pub claims: u64,
    pub steps: u64,
}

/// A world that runs to its end.
pub struct World<'a> {
    plan: &'a Plan,
    queue: Queue,
    random: Random,
    now: Timestamp,
    agenda: BinaryHeap<Reverse<(Timestamp, u64, Event)>>,
    planned: u64,
    seats: Seats,
    flights: Vec<Option<Flight>>,
    landed: Vec<usize>,
    known_hosts: HashSet<LaneNo>,
    look_at: Option<Timestamp>,
    told: Told,
}

/// Runs a plan to its end; an error says which rule was broken, and when.
pub fn run(plan: &Plan) -> Result<Told, String> {
    let mut world = World::new(plan);
    while let Some(Reverse((at, _, event))) = world.agenda.pop() {
        world.now = at;
        world.told.events += 1;
        let acted = world.happen(&event).map(|seat| world.crash_on_purpose(seat));
        acted.map_err(|error| {
            let (events, time) = (world.told.events, at.since(Timestamp::default()));
            format!("at event {events}, after {time:?}, {event:?}: {error}")
        })?;
        if world.is_over() {
            break;
        }
    }
    world.told.watch.all_ended()?;
    world.told.virtual_time = world.now.since(Timestamp::default());
    world.told.steps = world.queue.steps();
    Ok(world.told)
}

impl<'a> World<'a> {
    fn new(plan: &'a Plan) -> Self {
        let workspaces = plan.weights.len();
        let mut world = Self {
            plan,
            queue: Queue::new(&plan.weights, plan.fault),
            random: Random::new(plan.seed),
            now: Timestamp::default(),
            agenda: BinaryHeap::new(),
            planned: 0,
            seats: Seats::new(plan.crew.workers, plan.crew.slots),
            flights: Vec::new(),
            landed: Vec::new(),
            known_hosts: HashSet::new(),
            look_at: None,
            told: Told {
                watch: Watch::new(plan.pace.concurrency, plan.bound()),
                tally: Tally::new(workspaces),
                virtual_time: Duration::ZERO,
                events: 0,
                claims: 0,
                steps: 0,
            },
        };
        for (load, what) in plan.loads.iter().enumerate() {
            world.plan_event(Timestamp::default().plus(what.at), Event::Queue { load, call: 0 });
        }
        let heartbeat = plan.crew.lease / 3;
        for seat in 0..world.seats.count() {
            let first = heartbeat.mul_f64(f64::from(u32::try_from(seat % 100).unwrap_or(0)) / 100.0);
            world.plan_event(Timestamp::default().plus(first), Event::Beat { seat });
        }
        world.plan_event(Timestamp::default().plus(heartbeat), Event::Reap);
        world
    }

    fn plan_event(&mut self, at: Timestamp, event: Event) {
        self.planned += 1;
        self.agenda.push(Reverse((at, self.planned, event)));
    }

    fn is_over(&self) -> bool {
        let all: u64 = self.plan.pages();
        let watch = &self.told.watch;
        watch.queued >= all && watch.ended == watch.queued && self.flights.len() == self.landed.len()
    }

    /// Lets an event happen, and says whose doing it was.
    fn happen(&mut self, event: &Event) -> Result<Option<usize>, String> {
        match event {
            Event::Queue { load, call } => self.queue_pages(*load, *call),
            Event::Look => return self.look(),
            Event::Robots { flight } => return self.read_robots(*flight),
            Event::Over { flight } => return self.end_run(*flight),
            Event::Crash { flight } => {
                let dying = self.flights[*flight].clone().filter(|flight| self.is_alive(flight));
                self.land(*flight);
                if let Some(dying) = dying {
                    self.crash(dying.seat);
                }
            }
            Event::Beat { seat } => {
                let worker = self.seats.get(*seat).worker;
                let in_hand = self.seats.get(*seat).in_hand.clone();
                self.queue.extend_leases(worker, &in_hand, self.plan.crew.lease, self.now);
                self.plan_event(self.now.plus(self.plan.crew.lease / 3), event.clone());
                return Ok(Some(*seat));
            }
            Event::Reap => self.reap()?,
        }
        Ok(None)
    }

    fn queue_pages(&mut self, load: usize, call: u32) {
        let what = &self.plan.loads[load];
        let first = u64::from(call) * u64::from(what.pages);
        let page = |number: u64| {
            let host = what.hosts.0 + u32::try_from(number % u64::from(what.hosts.1)).unwrap_or(0);
            (LaneNo(host), u32::try_from(load).unwrap_or(0) << 26 | u32::try_from(number).unwrap_or(0))
        };
        let pages: Vec<_> = (first..first + u64::from(what.pages)).map(page).collect();
        let run = (what.priority, self.plan.max_attempts);
        for (document, _) in self.queue.add(WorkspaceNo(what.workspace), &pages, run, self.now) {
            self.told.watch.queued(document);
            self.told.tally.queued(what, document, self.now, self.told.watch.grants);
        }
        if call + 1 < what.calls {
            self.plan_event(self.now.plus(what.every), Event::Queue { load, call: call + 1 });
        }
        self.look_by(self.now);
    }

    /// Sees to it that somebody looks by then.
    fn look_by(&mut self, at: Timestamp) {
        let at = at.max(self.now).plus(CLAIM);
        if self.look_at.is_none_or(|planned| planned > at) {
            self.look_at = Some(at);
            self.plan_event(at, Event::Look);
        }
    }

    /// Workers with room claim until nothing is left for them.
    fn look(&mut self) -> Result<Option<usize>, String> {
        if self.look_at.is_some_and(|planned| planned > self.now) {
            return Ok(None);
        }
        self.look_at = None;
        let mut looked = None;
        while let Some((seat, room)) = self.seats.with_room() {
            looked = Some(seat);
            let worker = self.seats.get(seat).worker;
            let claim =
                Claim { worker, limit: room as usize, lease: self.plan.crew.lease, pace: self.plan.pace, only: None };
            let claimed = self.queue.claim(&claim, self.now);
            self.told.claims += 1;
            let is_full = claimed.jobs.len() == room as usize;
            for grant in claimed.jobs {
                self.start_run(seat, worker, grant)?;
            }
            if !is_full && !claimed.more {
                let outlook = self.queue.outlook();
                if let Some(next) = outlook.next {
                    self.look_by(next.minus(self.plan.pace.early()));
                }
                break;
            }
        }
        Ok(looked)
    }

    fn start_run(&mut self, seat: usize, worker: WorkerNo, grant: Grant) -> Result<(), String> {
        let gap = self.queue.gap(grant.lane, &self.plan.pace, self.now);
        self.told.watch.granted(&grant, worker, !gap.is_zero())?;
        self.told.tally.began(self.plan, &grant, self.told.watch.grants);
        self.told.watch.asked(grant.lane, grant.start_at, gap)?;
        let stalls = self.random.happens(self.plan.crew.stalls);
        self.seats.take(seat, grant.job, !stalls);
        let is_known = !self.known_hosts.insert(grant.lane);
        let start = grant.start_at;
        let flight = self.board(Flight { grant, seat, worker, stalls });
        if is_known {
            self.fly(flight, start);
        } else {
            self.plan_event(start.plus(ROBOTS), Event::Robots { flight });
        }
        Ok(())
    }

    fn board(&mut self, flight: Flight) -> usize {
        if let Some(place) = self.landed.pop() {
            self.flights[place] = Some(flight);
            return place;
        }
        self.flights.push(Some(flight));
        self.flights.len() - 1
    }

    /// The page is asked for at that time.
    fn fly(&mut self, flight: usize, start: Timestamp) {
        let (shortest, longest) = self.plan.hosts.latency;
        let span = u64::try_from(longest.saturating_sub(shortest).as_micros()).unwrap_or(0).max(1);
        let took = shortest + Duration::from_micros(self.random.below(span));
        if self.random.happens(self.plan.crew.crashes) {
            return self.plan_event(start.plus(took / 2), Event::Crash { flight });
        }
        let stalls = self.flights[flight].as_ref().is_some_and(|flight| flight.stalls);
        let late = if stalls { self.plan.crew.lease * 3 } else { Duration::ZERO };
        self.plan_event(start.plus(took + late), Event::Over { flight });
    }

    /// robots.txt took the first turn, so the page takes another.
    fn read_robots(&mut self, flown: usize) -> Result<Option<usize>, String> {
        let Some(flight) = self.flights[flown].clone() else { return Ok(None) };
        if !self.is_alive(&flight) {
            self.land(flown);
            return Ok(None);
        }
        let (lane, pace) = (flight.grant.lane, &self.plan.pace);
        let each = self.plan.hosts.crawl_delay_each;
        if each > 0 && lane.0 % each == 0 {
            self.queue.set_crawl_delay(lane, self.plan.hosts.crawl_delay, pace, self.now);
        }
        let start = self.queue.reserve_turn(lane, pace, self.now);
        let gap = self.queue.gap(lane, pace, self.now);
        self.told.watch.asked(lane, start, gap)?;
        self.fly(flown, start);
        Ok(Some(flight.seat))
    }

    fn end_run(&mut self, place: usize) -> Result<Option<usize>, String> {
        let Some(flight) = self.flights[place].clone() else { return Ok(None) };
        self.land(place);
        // A process that only stood still comes back; one that died does not.
        if !self.is_alive(&flight) {
            return Ok(None);
        }
        let end = self.outcome(&flight.grant);
        self.settle(&flight.grant, flight.worker, &end)?;
        self.seats.leave(flight.seat, flight.grant.job);
        self.look_by(self.now);
        Ok(Some(flight.seat))
    }

    fn outcome(&mut self, grant: &Grant) -> End {
        let hosts = &self.plan.hosts;
        let roll = self.random.below(1_000_000);
        if roll < hosts.rate_limits {
            let pace = &self.plan.pace;
            self.queue.strain_lane(grant.lane, pace, self.now);
            self.queue.hold_lane(grant.lane, self.now.plus(RETRY_AFTER), pace, self.now);
            return self.again_or_fail(grant, RETRY_AFTER);
        }
        if roll < hosts.rate_limits + hosts.failures {
            let step = u32::try_from(grant.attempt.clamp(1, 10) - 1).unwrap_or(0);
            return self.again_or_fail(grant, self.plan.retry_base * 3_u32.pow(step));
        }
        if roll < hosts.rate_limits + hosts.failures + hosts.missing {
            return End::Failed(Rc::from("not_found"));
        }
        End::Text
    }

    fn again_or_fail(&self, grant: &Grant, wait: Duration) -> End {
        if grant.attempt >= grant.max_attempts {
            return End::Failed(Rc::from("given up"));
        }
        End::Again(Again { at: self.now.plus(wait), code: WaitCode::Retry, why: Rc::default(), counts: true })
    }

    fn settle(&mut self, grant: &Grant, worker: WorkerNo, end: &End) -> Result<(), String> {
        let is_held = self.queue.settle(worker, grant, end, self.now);
        let goes_on = matches!(end, End::Again(_) | End::Lost(_));
        self.told.watch.settled(grant, worker, (is_held, goes_on), self.now)?;
        match end {
            End::Again(Again { at, .. }) | End::Lost(Lost { at, .. }) if is_held => self.look_by(*at),
            _ => {}
        }
        Ok(())
    }

    /// Anybody may recover the jobs of the silent: the next attempt may start at once.
    fn reap(&mut self) -> Result<(), String> {
        for (worker, grant, blame) in self.queue.expired(self.plan.crew.lease, self.now) {
            let end = if blame.counts && grant.attempt >= grant.max_attempts {
                End::Failed(Rc::from("given up"))
            } else {
                End::Lost(Lost { at: self.now, why: Rc::default(), blame })
            };
            self.settle(&grant, worker, &end)?;
        }
        self.plan_event(self.now.plus(self.plan.crew.lease / 3), Event::Reap);
        Ok(())
    }

    fn is_alive(&self, flight: &Flight) -> bool {
        self.seats.get(flight.seat).worker == flight.worker
    }

    fn land(&mut self, place: usize) {
        self.flights[place] = None;
        self.landed.push(place);
    }

    fn crash_on_purpose(&mut self, seat: Option<usize>) {
        if self.plan.crew.crash_at == Some(self.told.events) {
            self.crash(seat.unwrap_or(0));
        }
    }

    /// Its runs land when they would have been over: nobody hears of them.
    fn crash(&mut self, seat: usize) {
        self.seats.crash(seat);
        self.look_by(self.now);
    }
}
