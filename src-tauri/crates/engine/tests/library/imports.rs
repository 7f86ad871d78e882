//! Sheets coming in: recognition, what is kept, faults.

use crate::support::House;
use engine::error::EngineError;
use engine::event::Event;
use engine::library::catalog::Filter;
use engine::library::import::{ImportReport, Mapping};
use std::collections::HashSet;
use std::fmt::Write as _;

async fn import(house: &House, text: &str) -> ImportReport {
    let path = house.sheet(text);
    house.engine.import_run(&path, &Mapping::default()).await.unwrap()
}

fn counts(report: &ImportReport) -> (usize, usize, usize) {
    (report.created, report.updated, report.unchanged)
}

#[tokio::test]
async fn leading_zeros_stay_and_empty_cells_blank_nothing() {
    let house = House::new();
    import(
        &house,
        "商品名称,规格,商品编码,规格编码,售价,分类\n纯牛奶,250ml,01162,0012345678905,3.5,饮料/牛奶\n",
    )
    .await;
    let first = house.dump();
    assert_eq!(
        first,
        ["纯牛奶|单规格|250ml|01162|0012345678905|饮料/牛奶||Some(350)|None|None|1000"]
    );
    let again = import(
        &house,
        "商品名称,规格,商品编码,规格编码,售价,分类\n纯牛奶,,01162,,,\n",
    )
    .await;
    assert_eq!(counts(&again), (0, 0, 1));
    assert_eq!(house.dump(), first);
}

#[tokio::test]
async fn a_row_is_known_by_code_else_barcode_else_name_and_spec() {
    let house = House::new();
    let text = "商品名称,规格,商品编码,规格编码,售价\n\
                甲,1L,A1,6901234567892,1\n乙,2L,,6923644266066,2\n丙,3L,,,3\n";
    import(&house, text).await;
    let text = "商品名称,规格,商品编码,规格编码,售价\n\
                甲新名,1L,A1,6901234567892,1\n乙新名,2L,,6923644266066,2\n丙,３l,,,4\n";
    let report = import(&house, text).await;
    assert_eq!(counts(&report), (0, 3, 0), "{:?}", report.samples);
    let names: Vec<String> = house
        .dump()
        .iter()
        .map(|line| line.split('|').next().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["甲新名", "乙新名", "丙"]);
    assert_eq!(
        report.samples[0].changes,
        [("name", "甲".to_owned(), "甲新名".to_owned())]
    );
}

#[tokio::test]
async fn what_may_be_several_goods_is_refused_and_never_guessed() {
    let house = House::new();
    import(&house, "商品名称,规格,售价\n苹果,袋,1\n苹果,袋,2\n").await;
    let report = import(&house, "商品名称,规格,售价\n苹果,袋,3\n").await;
    assert_eq!(counts(&report), (0, 0, 0));
    assert_eq!(report.rejected.len(), 1);
    assert_eq!(
        (report.rejected[0].row, report.rejected[0].reason),
        (2, "ambiguous")
    );
    assert_eq!(report.rows, 1);
}

#[tokio::test]
async fn the_same_barcode_under_two_codes_and_names_stays_two_goods() {
    let house = House::new();
    import(&house, "商品名称,商品编码,规格编码\n甲,1,6901234567892\n").await;
    let report = import(
        &house,
        "商品名称,商品编码,规格编码\n乙,2,6901234567892\n丙,3,无\n",
    )
    .await;
    assert_eq!(counts(&report), (2, 0, 0));
    assert_eq!(house.dump().len(), 3);
}

#[tokio::test]
async fn rows_join_only_by_their_spu_number() {
    let house = House::new();
    let text = "商品名称,规格,款式编码,商品编码\nT恤,红,S1,11\nT恤,蓝,S1,12\n袜子,白,,13\n袜子,黑,,14\n";
    let report = import(&house, text).await;
    assert_eq!(counts(&report), (4, 0, 0));
    let found = house
        .engine
        .library_find(&Filter::default(), &HashSet::new())
        .unwrap();
    assert_eq!((found.ids.len(), found.skus), (3, 4));
    let lines = house.dump();
    assert!(
        lines[0].starts_with("T恤|红||11") && lines[1].starts_with("T恤|蓝||12"),
        "{lines:?}"
    );
    assert!(lines[2].starts_with("袜子|单规格|白|13"), "{lines:?}");
    // A further spec later goes to the same product.
    let report = import(&house, &format!("{text}T恤,绿,S1,15\n")).await;
    assert_eq!(counts(&report), (1, 0, 4), "{:?}", report.samples);
    let found = house
        .engine
        .library_find(&Filter::default(), &HashSet::new())
        .unwrap();
    assert_eq!((found.ids.len(), found.skus), (3, 5));
}

#[tokio::test]
async fn rejections_name_row_column_reason_and_value() {
    let house = House::new();
    let report = import(
        &house,
        "商品名称,商品编码,规格编码,售价\n甲,1,6.90123E+12,1\n乙,2,,面议\n,3,,5\n",
    )
    .await;
    let told: Vec<(u32, &str, &str)> = report
        .rejected
        .iter()
        .map(|r| (r.row, r.column.as_str(), r.reason))
        .collect();
    assert_eq!(
        told,
        [
            (2, "规格编码", "digits_lost"),
            (3, "售价", "not_an_amount"),
            (4, "商品名称", "name_missing")
        ]
    );
    assert_eq!(
        (report.rows, report.created),
        (3, 1),
        "乙 comes without its price"
    );
}

fn many(rows: usize) -> String {
    let mut text = "商品名称,商品编码,售价\n".to_owned();
    for at in 0..rows {
        writeln!(text, "商品{at},{:07},{}.5", at, at % 90).unwrap();
    }
    text
}

#[tokio::test]
async fn a_cancelled_import_keeps_what_is_written_as_one_batch_and_running_again_does_the_rest() {
    let house = House::new();
    let path = house.sheet(&many(5_000));
    let mut events = house.engine.events().subscribe();
    let engine = house.engine.clone();
    let work = tokio::spawn(async move { engine.import_run(&path, &Mapping::default()).await });
    loop {
        if let Event::Job { id, done, .. } = events.recv().await.unwrap()
            && done > 0
        {
            house.engine.cancel_job(id);
            break;
        }
    }
    assert!(matches!(work.await.unwrap(), Err(EngineError::Cancelled)));
    let written = house.dump().len();
    assert!(
        (1_000..5_000).contains(&written) && written.is_multiple_of(1_000),
        "{written}"
    );
    let batches = house.engine.history(None, None, 10).unwrap();
    assert_eq!(
        (batches.len(), batches[0].changes),
        (1, i64::try_from(written).unwrap())
    );

    let report = import(&house, &many(5_000)).await;
    assert_eq!(counts(&report), (5_000 - written, 0, written));
    assert_eq!(house.dump().len(), 5_000);
    house.engine.undo(report.batch).unwrap();
    assert_eq!(house.dump().len(), written);
}

#[tokio::test]
async fn a_full_disk_is_said_and_loses_nothing() {
    let house = House::new();
    import(&house, "商品名称,商品编码\n先有的,1\n").await;
    let pages = |limit: &str| {
        let sql = format!("PRAGMA max_page_count = {limit}");
        house
            .engine
            .db()
            .write(|tx| tx.execute_batch(&sql).map_err(storage::error::StorageError::from))
            .unwrap();
    };
    pages("260");
    let path = house.sheet(&many(5_000));
    let failed = house.engine.import_run(&path, &Mapping::default()).await;
    assert_eq!(failed.unwrap_err().code(), "disk_full");
    let written = house.dump().len() - 1;
    assert!(written < 5_000 && written.is_multiple_of(1_000), "{written}");
    let whole: String = house
        .engine
        .db()
        .read(|c| Ok(c.query_row("PRAGMA integrity_check", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(whole, "ok");
    pages("1000000");
    let report = import(&house, &many(5_000)).await;
    assert_eq!(counts(&report), (5_000 - written, 0, written));
}

#[tokio::test]
async fn what_is_exported_comes_back_the_same() {
    let house = House::new();
    let text = "商品名称,规格,款式编码,商品编码,规格编码,分类,单位,售价,成本价,库存,品牌\n\
                T恤,红,S1,0011,6901234567892,服装/上衣,件,39.9,20,5,自有\nT恤,蓝,S1,0012,,服装/上衣,件,39.9,20,,自有\n\
                \"=cmd|' /C calc'!A0\",500ml*12,,-5,,,箱,1299,,,\n";
    import(&house, text).await;
    let before = house.dump();
    for name in ["out.xlsx", "out.csv"] {
        let path = house.folder.path().join(name);
        let rows = house
            .engine
            .export_library(&path, &Filter::default(), &HashSet::new())
            .await
            .unwrap();
        assert_eq!(rows, 3);
        let report = house.engine.import_run(&path, &Mapping::default()).await.unwrap();
        assert_eq!(
            counts(&report),
            (0, 0, 3),
            "{name}: {:?} {:?}",
            report.samples,
            report.rejected
        );
        let other = House::new();
        other.engine.import_run(&path, &Mapping::default()).await.unwrap();
        assert_eq!(other.dump(), before, "{name} in an empty library");
    }
    let refused = house
        .engine
        .export_library(
            &house.folder.path().join("a.pdf"),
            &Filter::default(),
            &HashSet::new(),
        )
        .await;
    assert_eq!(refused.unwrap_err().code(), "unknown_extension");
}

#[tokio::test]
async fn a_file_that_is_no_sheet_is_refused_as_a_whole() {
    let house = House::new();
    for bytes in [
        &b"PK\x03\x04broken"[..],
        b"",
        b"%PDF-1.7",
        b"<html><body>login</body></html>",
    ] {
        let path = house.folder.path().join("x.xlsx");
        std::fs::write(&path, bytes).unwrap();
        let error = house
            .engine
            .import_run(&path, &Mapping::default())
            .await
            .unwrap_err();
        assert!(matches!(error, EngineError::Sheet(_)), "{error}");
    }
    let missing = house
        .engine
        .import_preview(&house.folder.path().join("none.csv"), &Mapping::default())
        .await;
    assert_eq!(missing.unwrap_err().code(), "file_unusable");
    assert!(house.dump().is_empty());
}
