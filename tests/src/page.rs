//! The api as a page calls it: by name and JSON; and what a person reads when a command is refused.

use api::{Api, ApiError, Host};
use async_trait::async_trait;
use engine::Engine;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

struct Program;

#[async_trait]
impl Host for Program {
    fn version(&self) -> &'static str {
        "0.0.0-suites"
    }

    fn show_page(&self, _: &url::Url) -> bool {
        false
    }

    fn is_demo(&self) -> bool {
        false
    }

    async fn open_demo(&self) -> api::error::Result<()> {
        Err(ApiError::new("demo_unavailable"))
    }

    async fn restore(&self, _: PathBuf) -> api::error::Result<()> {
        Err(ApiError::new("restore_unavailable"))
    }
}

/// A page of the window on an engine.
#[derive(Clone)]
pub struct Page(Api);

impl Page {
    /// A page on an engine.
    pub fn of(engine: &Engine) -> Self {
        Self(Api {
            engine: engine.clone(),
            host: Arc::new(Program),
        })
    }

    /// Runs a command as it comes over HTTP or IPC.
    pub async fn call(&self, name: &str, payload: &Value) -> Result<Value, ApiError> {
        let text = payload.to_string();
        api::router::dispatch_text(&self.0, name, text.as_bytes()).await
    }

    /// Runs a command that has to work.
    pub async fn done(&self, name: &str, payload: Value) -> Value {
        let done = self.call(name, &payload).await;
        done.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs a command that has to be refused.
    pub async fn refused(&self, name: &str, payload: Value) -> Told {
        match self.call(name, &payload).await {
            Ok(answer) => panic!("{name} was not refused: {answer}"),
            Err(error) => Told::of(error),
        }
    }
}

/// A refusal as a Chinese reader gets it.
#[derive(Debug)]
pub struct Told {
    /// The refusal.
    pub error: ApiError,
    /// What happened.
    pub what: String,
    /// What to do.
    pub advice: String,
}

impl Told {
    /// Looks the words up; panics unless they say in Chinese what happened and what to do, with every value put in.
    pub fn of(error: ApiError) -> Self {
        let words = api::words::words("zh-CN");
        let what = words.error(&error.code, &error.params);
        let advice = words
            .advice(&format!("error.{}", error.code), &error.params)
            .unwrap_or_else(|| panic!("{} does not say what to do", error.code));
        for text in [&what, &advice] {
            let chinese = text.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c));
            assert!(chinese && !text.contains(['{', '}']), "{}: {text}", error.code);
        }
        Self { error, what, advice }
    }
}

/// Forgets the most memory this process ever held and gives what it holds now, in bytes; `None` where the system does
/// not tell.
pub fn memory_now() -> Option<u64> {
    // 5 sets the high-water mark back to what is held.
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    peak_memory()
}

/// The most memory this process held since [`memory_now`], in bytes; `None` where the system does not tell.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kilobytes * 1024)
}

/// Rows of tables as one text, to see that nothing changed.
pub fn rows_of(engine: &Engine, tables: &[&str]) -> String {
    let dumped = engine.db().read(|c| {
        let mut out = String::new();
        for table in tables {
            let mut statement = c.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2"))?;
            let columns = statement.column_count();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                out.push_str(table);
                for at in 0..columns {
                    write!(out, " {:?}", row.get_ref(at)?).expect("a text grows");
                }
                out.push('\n');
            }
        }
        Ok(out)
    });
    dumped.expect("the tables read")
}

/// The tables that hold what a manager would miss.
pub const GOODS_TABLES: &[&str] = &[
    "category",
    "picture",
    "product",
    "product_picture",
    "sku",
    "offer",
    "listing",
    "listing_sku",
    "binding",
    "batch",
    "change",
    "orders",
];
