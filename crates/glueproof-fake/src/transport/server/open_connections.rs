//! The open connections of a server. Their number is limited: the connection that has been idle longest makes room for a new
//! one. Must not touch sockets.
//! [`OpenConnections::enter`] is the entry point.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc};

/// The value of [`Activity::idle_since`] during an exchange.
const BUSY: u64 = 0;

/// The connections that are open.
#[derive(Debug)]
pub struct OpenConnections {
    limit: usize,
    /// Counts connections and ends of exchanges, so that idle connections have an order.
    ticks: AtomicU64,
    open: Mutex<HashMap<u64, Arc<Activity>>>,
    /// Every connection has a clone, so that the channel closes with the last one.
    alive: mpsc::Sender<Infallible>,
}

/// The slot of one connection among the open ones. Dropping it frees the slot.
#[derive(Debug)]
pub struct ConnectionSlot {
    number: u64,
    connections: Arc<OpenConnections>,
    activity: Arc<Activity>,
    _alive: mpsc::Sender<Infallible>,
}

/// The exchanges of one connection.
#[derive(Debug)]
struct Activity {
    /// The tick since which the connection is idle, or [`BUSY`].
    idle_since: AtomicU64,
    has_exchanged: AtomicBool,
    evicted: AtomicBool,
    closing: Notify,
}

/// The manner in which a connection has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// After the exchange that is going on, if there is one.
    Graceful,
    /// At once: no request has been read from it.
    Immediate,
}

impl OpenConnections {
    /// No connections yet, and a receiver that ends when the last connection and the value itself are gone.
    pub fn new(limit: usize) -> (Arc<Self>, mpsc::Receiver<Infallible>) {
        let (alive, ended) = mpsc::channel(1);
        let open = Mutex::new(HashMap::new());
        (Arc::new(Self { limit: limit.max(1), ticks: AtomicU64::new(BUSY + 1), open, alive }), ended)
    }

    /// Returns a slot for a new connection. If all are taken, the connection that has been idle longest has to end.
    /// Returns nothing if none is idle.
    pub fn enter(self: &Arc<Self>) -> Option<ConnectionSlot> {
        let mut open = self.lock();
        if open.len() >= self.limit {
            let idle = open.iter().map(|(number, of)| (of.idle_since.load(Ordering::Acquire), *number));
            let (_, longest) = idle.filter(|(since, _)| *since != BUSY).min()?;
            let evicted = open.remove(&longest)?;
            evicted.evicted.store(true, Ordering::Release);
            evicted.closing.notify_one();
        }
        let number = self.tick();
        let activity = Arc::new(Activity {
            idle_since: AtomicU64::new(number),
            has_exchanged: AtomicBool::new(false),
            evicted: AtomicBool::new(false),
            closing: Notify::new(),
        });
        open.insert(number, Arc::clone(&activity));
        drop(open);
        Some(ConnectionSlot { number, connections: Arc::clone(self), activity, _alive: self.alive.clone() })
    }

    /// Has every connection end when its exchange is over.
    pub fn close(&self) {
        self.lock().values().for_each(|activity| activity.closing.notify_one());
    }

    fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<Activity>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ConnectionSlot {
    /// Marks the connection as busy. Dropping the result marks it as idle.
    pub fn begin_exchange(self: &Arc<Self>) -> Exchange {
        self.activity.has_exchanged.store(true, Ordering::Release);
        self.activity.idle_since.store(BUSY, Ordering::Release);
        Exchange(Arc::clone(self))
    }

    /// Waits until the connection has to end.
    pub async fn ending(&self) -> Ending {
        self.activity.closing.notified().await;
        let evicted = self.activity.evicted.load(Ordering::Acquire);
        if evicted && !self.activity.has_exchanged.load(Ordering::Acquire) {
            Ending::Immediate
        } else {
            Ending::Graceful
        }
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.connections.lock().remove(&self.number);
    }
}

/// An exchange that is going on.
#[derive(Debug)]
pub struct Exchange(Arc<ConnectionSlot>);

impl Drop for Exchange {
    fn drop(&mut self) {
        self.0.activity.idle_since.store(self.0.connections.tick(), Ordering::Release);
    }
}
