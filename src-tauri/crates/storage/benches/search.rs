//! P5: the worst of the fixed queries against `LIKE '%q%'` on a table of the same texts, in the same run.
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};
use storage::search::{POSTINGS_FROM, SearchIndex, folded};

const QUERIES: [&str; 9] = [
    "牛奶",
    "纯牛奶",
    "金典牛奶",
    "稀有茶",
    "蒙牛 250ml",
    "500ml*12",
    "0012345",
    "没有这个",
    "cnn",
];
const BRANDS: [&str; 12] = [
    "蒙牛",
    "伊利",
    "光明",
    "金典",
    "农夫",
    "康师傅",
    "统一",
    "娃哈哈",
    "达能",
    "雀巢",
    "三元",
    "君乐宝",
];
const KINDS: [&str; 10] = [
    "纯牛奶",
    "酸奶",
    "绿茶",
    "矿泉水",
    "方便面",
    "果汁",
    "可乐",
    "咖啡",
    "豆浆",
    "饼干",
];
const SIZES: [&str; 5] = ["250ml", "500ml*12", "1L", "100g", "500ml"];

fn rows(count: usize) -> Vec<String> {
    (0..count)
        .map(|at| {
            let mut text = format!(
                "{}{}{}{}",
                BRANDS[at % 12],
                KINDS[at / 12 % 10],
                ["", "无糖", "高钙", "儿童"][at / 120 % 4],
                if at % 9_973 == 0 { "稀有茶" } else { "" }
            );
            // Writing to a String cannot fail.
            let _ = write!(text, "{at}\t{}\t{:07}\t69{:011}", SIZES[at % 5], at, at * 37);
            text
        })
        .collect()
}

fn best(mut work: impl FnMut() -> usize) -> (Duration, usize) {
    let mut found = 0;
    let times = (0..5).map(|_| {
        let start = Instant::now();
        found = work();
        start.elapsed()
    });
    (times.min().unwrap_or_default(), found)
}

fn main() -> Result<(), rusqlite::Error> {
    let sizes: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok())
        .collect();
    for count in if sizes.is_empty() {
        vec![100_000, 1_000_000]
    } else {
        sizes
    } {
        let rows = rows(count);
        let start = Instant::now();
        let mut index = SearchIndex::new(POSTINGS_FROM);
        for (id, text) in (0_i64..).zip(&rows) {
            index.put(id, text);
        }
        let built = start.elapsed();
        let table = rusqlite::Connection::open_in_memory()?;
        table.execute_batch("CREATE TABLE goods (id INTEGER PRIMARY KEY, text TEXT)")?;
        {
            let mut insert = table.prepare("INSERT INTO goods VALUES (?1, ?2)")?;
            table.execute_batch("BEGIN")?;
            for (id, text) in (0_i64..).zip(&rows) {
                insert.execute((id, folded(&text.replace('\t', " "))))?;
            }
            table.execute_batch("COMMIT")?;
        }
        println!(
            "P5 search, {count} rows: built in {} ms, {} MB",
            built.as_millis(),
            index.bytes() / 1_000_000
        );
        let (mut worst, mut worst_like) = (Duration::ZERO, Duration::ZERO);
        for query in QUERIES {
            let (ours, found) = best(|| index.find(query).len());
            worst = worst.max(ours);
            let terms: Vec<String> = query.split(' ').map(|term| format!("%{term}%")).collect();
            let wheres = vec!["text LIKE ?"; terms.len()].join(" AND ");
            let mut like = table.prepare(&format!("SELECT id FROM goods WHERE {wheres}"))?;
            let (theirs, liked) = best(|| {
                let rows = like.query_map(rusqlite::params_from_iter(&terms), |row| row.get::<_, i64>(0));
                rows.map_or(0, Iterator::count)
            });
            // LIKE knows no pinyin, so only text queries have a baseline.
            if query != "cnn" {
                assert_eq!(found, liked, "{query}");
                worst_like = worst_like.max(theirs);
            }
            println!(
                "  {query}: {found} rows, {:.3} ms, LIKE {:.3} ms",
                ms(ours),
                ms(theirs)
            );
        }
        let ratio = worst_like.as_secs_f64() / worst.as_secs_f64().max(1e-9);
        println!("P5 worst query: 1/{ratio:.0} of LIKE (goal 1/40 or less)");
    }
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
