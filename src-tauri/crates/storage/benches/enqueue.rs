//! P13: putting 10,000 price changes into the outbox durably, against what nobody can do without: the same rows into
//! the same table in memory, and one flush of a page to the disk.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use domain::id::StoreId;
use rusqlite::Connection;
use storage::db::{Access, Db};
use storage::error::StorageError;
use storage::task::{self, NewTask};
use yardstick::{Bench, Goal, Measure, in_turn, ratios, seconds};

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 9;
const SCHEMA: &str = include_str!("../migrations/0001_init.sql");
/// A store to write to: tasks refer to one, and it to an account.
const STORE: &str = "INSERT INTO account (id, kind, service, name, created_at) VALUES (1, 'platform', 'meituan_shangou', 'bench', 0);
     INSERT INTO store (id, account_id, platform, remote_id, name, created_at) VALUES (1, 1, 'meituan_shangou', '1', 'bench', 0);";

fn main() -> Outcome<()> {
    let bench = Bench::from_args();
    let count = bench.size(10_000, 1_000);
    let tasks: Vec<NewTask> = (0..count).map(price_change).collect();
    let folder = tempfile::tempdir()?;
    let db = Db::open(&folder.path().join("ours"), Access::Write, "bench")?;
    db.write(|tx| tx.execute_batch(STORE).map_err(StorageError::from))?;
    let mut page = Page::open(&folder.path().join("raw"))?;
    let pairs = in_turn(
        ROUNDS,
        || {
            seconds(|| {
                db.write(|tx| {
                    for task in &tasks {
                        task::insert(tx, 1, task)?;
                    }
                    Ok::<(), Box<dyn Error>>(())
                })
            })
        },
        || {
            let memory = Connection::open_in_memory()?;
            memory.execute_batch(SCHEMA)?;
            memory.execute_batch(STORE)?;
            seconds(|| {
                into_memory(&memory, &tasks)?;
                page.flush()
            })
        },
    )?;
    bench.report(&Measure {
        id: "P13",
        what: "durable enqueue of price changes",
        baseline: "the same rows into the same table in memory + one raw flush",
        sizes: &format!("{count} price changes, one transaction"),
        unit: "x",
        values: ratios(&pairs),
        goal: Goal::AtMost(1.5),
    });
    Ok(())
}

/// As the sync writes it.
fn price_change(at: i64) -> NewTask {
    NewTask {
        job: None,
        store: StoreId(1),
        kind: "price",
        priority: 20,
        subject: format!(
            "{{\"product\":{at},\"sku\":{at},\"listing\":{at},\"listing_sku\":{at},\"name\":\"可口可乐汽水罐装{at}号330ml*12\"}}"
        ),
        payload: format!("{{\"price_fen\":{}}}", 100 + at),
        previous: format!("{{\"price_fen\":{}}}", 99 + at),
        undoes: None,
    }
}

/// The same statement, prepared once, without a file under it.
fn into_memory(memory: &Connection, tasks: &[NewTask]) -> Outcome<()> {
    memory.execute_batch("BEGIN")?;
    let mut insert = memory.prepare_cached(
        "INSERT INTO task (job_id, store_id, kind, priority, subject, payload, previous, state, undoes, created_at)
         VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, 'queued', NULL, 1)",
    )?;
    for task in tasks {
        insert.execute((
            task.store.0,
            task.kind,
            task.priority,
            &task.subject,
            &task.payload,
            &task.previous,
        ))?;
    }
    drop(insert);
    Ok(memory.execute_batch("COMMIT")?)
}

/// One page of a file that exists already.
struct Page(File);

impl Page {
    fn open(path: &Path) -> Outcome<Self> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .open(path)?;
        file.write_all(&[0; 4096])?;
        file.sync_all()?;
        Ok(Self(file))
    }

    fn flush(&mut self) -> Outcome<()> {
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(&[1; 4096])?;
        Ok(self.0.sync_data()?)
    }
}
