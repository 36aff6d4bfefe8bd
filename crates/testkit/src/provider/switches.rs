//! What a fake does badly, set and cleared while it runs.

use std::collections::HashSet;
use std::mem::discriminant;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::exchange::Reply;

/// One way to behave as real services do on a bad day. Those of the first part are asked by the fakes, each where the vendor
/// has the fault; those of the second concern every fake alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// Search does not find the rows of databases.
    SearchOmitsRows,
    /// Search gives some objects by kind and id only.
    PartialObjects,
    /// Text that may be null is null.
    NullBody,
    /// A cursor or page token that was handed out is refused.
    CursorExpires,
    /// A page of a list is empty, and there is a next one.
    EmptyPageWithNext,
    /// A list ends before its end and says that it was cut.
    Incomplete,
    /// The first look at an item is answered 204 without a body, every later one 404.
    NoContentThenGone,

    /// `Retry-After` is a date instead of a number of seconds.
    RetryAfterDate,
    /// "Too many" comes as plain text.
    PlainText429,
    /// "Too many" comes as 403.
    RateLimit403,
    /// Every nth request is told that there were too many, and to come back after so many seconds.
    Throttled { every: u32, retry_after: Option<u32> },
    /// The credentials hold no more: 401.
    Revoked,
    /// The service is ill and answers with this status: 500, 502, 503, 504, 529.
    Broken { status: u16 },
    /// The connection breaks in the middle of the body.
    BrokenOff,
    /// Every answer waits so long.
    Slow(Duration),
    /// The proxy at the vendor's edge answers with a page of HTML.
    EdgePage,
}

/// The switches of one fake. A switch is set once: setting it again changes its values.
#[derive(Debug, Default)]
pub struct Switches {
    set: Mutex<Vec<Setting>>,
    /// The items that [`Switch::NoContentThenGone`] took.
    gone: Mutex<HashSet<String>>,
}

#[derive(Debug)]
struct Setting {
    switch: Switch,
    extent: Extent,
    /// How many requests a throttle has counted.
    seen: u32,
}

#[derive(Debug, Clone, Copy)]
enum Extent {
    UntilCleared,
    Times(u32),
    Until(Instant),
}

/// What is left of an item that vanishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vanished {
    /// Answer 204.
    JustNow,
    /// Answer as for what never was.
    Before,
}

impl Switches {
    /// Sets a switch until it is cleared.
    pub fn set(&self, switch: Switch) {
        self.put(switch, Extent::UntilCleared);
    }

    /// Sets a switch until it has done its harm so many times.
    pub fn set_times(&self, switch: Switch, times: u32) {
        self.put(switch, Extent::Times(times));
    }

    /// Sets a switch for a while.
    pub fn set_for(&self, switch: Switch, period: Duration) {
        self.put(switch, Extent::Until(Instant::now() + period));
    }

    /// Clears a switch, whatever its values.
    pub fn clear(&self, switch: Switch) {
        lock(&self.set).retain(|setting| discriminant(&setting.switch) != discriminant(&switch));
    }

    /// Clears all of them. What has vanished stays away.
    pub fn clear_all(&self) {
        lock(&self.set).clear();
    }

    /// Whether a switch is set; this does not count.
    pub fn is_set(&self, switch: Switch) -> bool {
        live(&self.set).iter().any(|setting| discriminant(&setting.switch) == discriminant(&switch))
    }

    /// Whether to do the harm of a switch now; this counts as once.
    pub fn strikes(&self, switch: Switch) -> bool {
        self.strike(|set| (set == switch).then_some(())).is_some()
    }

    /// Whether [`Switch::NoContentThenGone`] takes, or took, the item of this path.
    pub fn takes_away(&self, path: &str) -> Option<Vanished> {
        if lock(&self.gone).contains(path) {
            return Some(Vanished::Before);
        }
        let strikes = self.strikes(Switch::NoContentThenGone);
        strikes.then(|| lock(&self.gone).insert(path.to_owned())).map(|_| Vanished::JustNow)
    }

    pub(super) fn delay(&self) -> Option<Duration> {
        self.strike(|switch| if let Switch::Slow(delay) = switch { Some(delay) } else { None })
    }

    pub(super) fn breaks_off(&self, reply: &Reply) -> bool {
        reply.body.len() > 1 && self.strikes(Switch::BrokenOff)
    }

    /// Whether this request is one too many, and when to come back.
    #[expect(clippy::option_option, reason = "one too many, and perhaps a time to come back at")]
    pub(super) fn throttles(&self) -> Option<Option<u32>> {
        let mut set = live(&self.set);
        let (setting, every, retry_after) = set.iter_mut().find_map(|setting| match setting.switch {
            Switch::Throttled { every, retry_after } => Some((setting, every, retry_after)),
            _ => None,
        })?;
        setting.seen += 1;
        setting.seen.is_multiple_of(every).then(|| setting.count())?;
        Some(retry_after)
    }

    pub(super) fn breaks(&self) -> Option<u16> {
        self.strike(|switch| if let Switch::Broken { status } = switch { Some(status) } else { None })
    }

    /// Counts the first switch that the caller picks.
    fn strike<T>(&self, pick: impl Fn(Switch) -> Option<T>) -> Option<T> {
        live(&self.set).iter_mut().find_map(|setting| {
            let picked = pick(setting.switch)?;
            setting.count();
            Some(picked)
        })
    }

    fn put(&self, switch: Switch, extent: Extent) {
        self.clear(switch);
        lock(&self.set).push(Setting { switch, extent, seen: 0 });
    }
}

impl Setting {
    fn count(&mut self) {
        if let Extent::Times(left) = &mut self.extent {
            *left -= 1;
        }
    }
}

/// The settings without those that have run out.
fn live(set: &Mutex<Vec<Setting>>) -> MutexGuard<'_, Vec<Setting>> {
    let mut set = lock(set);
    set.retain(|setting| match setting.extent {
        Extent::UntilCleared => true,
        Extent::Times(left) => left > 0,
        Extent::Until(end) => Instant::now() < end,
    });
    set
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
