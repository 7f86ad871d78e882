//! Pictures of products: kept, judged, repaired, found by their names.

use crate::support::House;
use domain::id::ProductId;
use engine::library::import::Mapping;
use std::path::{Path, PathBuf};

/// A plain 24-bit bitmap of one colour.
fn bitmap(path: &Path, width: u32, height: u32, shade: u8) -> PathBuf {
    let stride = (width * 3).div_ceil(4) * 4;
    let size = 54 + stride * height;
    let mut bytes = b"BM".to_vec();
    for number in [
        size,
        0,
        54,
        40,
        width,
        height,
        1 | (24 << 16),
        0,
        stride * height,
        2835,
        2835,
        0,
        0,
    ] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.resize(size as usize, shade);
    std::fs::write(path, bytes).unwrap();
    path.to_owned()
}

async fn library(house: &House) -> Vec<ProductId> {
    let sheet = house.sheet(
        "商品名称,商品编码,规格编码,图片\n牛奶,01162,,牛奶正面.bmp\n可乐,2,6901234567892,\n雪碧,3,,\n",
    );
    house
        .engine
        .import_run(&sheet, &Mapping::default())
        .await
        .unwrap();
    house
        .engine
        .db()
        .read(storage::product::all)
        .unwrap()
        .into_iter()
        .map(|product| product.id)
        .collect()
}

#[tokio::test]
async fn a_folder_is_put_to_products_by_sheet_name_code_and_barcode() {
    let house = House::new();
    let ids = library(&house).await;
    let folder = house.folder.path().join("图片");
    std::fs::create_dir(&folder).unwrap();
    bitmap(&folder.join("牛奶正面.BMP"), 40, 40, 1);
    bitmap(&folder.join("01162-2.bmp"), 40, 40, 2);
    bitmap(&folder.join("6901234567892.bmp"), 40, 40, 3);
    bitmap(&folder.join("谁.bmp"), 40, 40, 4);
    std::fs::write(folder.join("3.jpg"), b"<html>login</html>").unwrap();
    let outcome = house.engine.import_pictures(&folder).await.unwrap();
    assert_eq!(
        (outcome.added, outcome.unmatched.as_slice()),
        (3, ["谁.bmp".to_owned()].as_slice())
    );
    let failed: Vec<(&str, &str)> = outcome
        .failed
        .iter()
        .map(|f| (f.name.as_str(), f.code.as_str()))
        .collect();
    assert_eq!(failed, [("3.jpg", "IMG01")]);
    let count = |at: usize| house.engine.picture_rows(ids[at]).unwrap().len();
    assert_eq!((count(0), count(1), count(2)), (2, 1, 0));
    let again = house.engine.import_pictures(&folder).await.unwrap();
    assert_eq!(
        (again.added, again.batch),
        (0, None),
        "the same pictures again change nothing"
    );
    house.engine.undo(outcome.batch).unwrap();
    assert_eq!(house.engine.picture_rows(ids[0]).unwrap().len(), 0);
}

#[tokio::test]
async fn a_repair_makes_a_passing_picture_and_keeps_the_original() {
    let house = House::new();
    let ids = library(&house).await;
    let file = bitmap(&house.folder.path().join("a.bmp"), 900, 600, 90);
    house.engine.add_pictures(ids[0], vec![file]).await.unwrap();
    let original = house.engine.picture_rows(ids[0]).unwrap().remove(0);
    assert_eq!(
        (original.width, original.height, original.format.as_str()),
        (900, 600, "bmp")
    );
    let outcome = house.engine.repair_pictures(&[ids[0]], true).await.unwrap();
    assert_eq!((outcome.added, outcome.failed.len()), (1, 0));
    let repaired = house.engine.picture_rows(ids[0]).unwrap().remove(0);
    assert_eq!(
        (repaired.width, repaired.format.as_str()),
        (repaired.height, "jpeg")
    );
    assert_eq!(repaired.made_from.as_deref(), Some(original.hash.as_str()));
    assert_eq!(
        house.engine.picture(&original.hash).unwrap().1,
        "image/bmp",
        "the original is still there"
    );
    let idle = house.engine.repair_pictures(&[ids[0]], true).await.unwrap();
    assert_eq!((idle.added, idle.batch), (0, None));
    house.engine.undo(outcome.batch).unwrap();
    assert_eq!(house.engine.picture_rows(ids[0]).unwrap()[0].hash, original.hash);
}

#[tokio::test]
async fn previews_are_made_once_and_no_path_can_be_smuggled_in() {
    let house = House::new();
    let ids = library(&house).await;
    let file = bitmap(&house.folder.path().join("a.bmp"), 400, 200, 90);
    house.engine.add_pictures(ids[0], vec![file]).await.unwrap();
    let hash = house.engine.picture_rows(ids[0]).unwrap().remove(0).hash;
    let small = house.engine.thumbnail(&hash, 100).unwrap();
    assert!(small.starts_with(&[0xFF, 0xD8]), "a JPEG");
    let kept = house
        .folder
        .path()
        .join("thumbnails/128")
        .join(&hash[..2])
        .join(&hash);
    assert_eq!(std::fs::read(kept).unwrap(), small);
    assert_eq!(house.engine.thumbnail(&hash, 128).unwrap(), small);
    for bad in ["../../etc/passwd", "", "ZZ", &"a".repeat(63)] {
        assert_eq!(
            house.engine.thumbnail(bad, 100).unwrap_err().code(),
            "not_found",
            "{bad}"
        );
    }
}
