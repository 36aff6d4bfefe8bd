//! The two schemas are one: the same migrations, tables, columns, nullability, keys and indexes.

use std::collections::BTreeSet;
use std::path::Path;

use crate::stores::TestStore;

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |dialect: &str| -> BTreeSet<_> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(dialect);
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    };
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

#[tokio::test]
async fn both_databases_have_the_same_tables_and_columns() {
    let sqlite = TestStore::sqlite().await;
    let postgres = TestStore::postgres().await;
    let of_sqlite = sqlite
        .texts(
            "SELECT t.name || '.' || c.name || ' ' || CASE c.type WHEN 'BLOB' THEN 'BYTES' ELSE c.type END
                 || CASE WHEN c.\"notnull\" THEN ' NOT NULL' ELSE '' END
                 || CASE WHEN c.dflt_value IS NULL THEN '' ELSE ' DEFAULT ' || lower(c.dflt_value) END
             FROM sqlite_schema t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%' ORDER BY 1",
        )
        .await;
    let of_postgres = postgres
        .texts(
            "SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bytea' THEN 'BYTES' ELSE upper(data_type) END
                 || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
                 || CASE WHEN column_default IS NULL THEN '' ELSE ' DEFAULT ' || replace(column_default, '::text', '') END
             FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' ORDER BY 1",
        )
        .await;
    assert!(of_sqlite.len() > 80, "{of_sqlite:?}");
    assert_eq!(set(of_sqlite), set(of_postgres));
}

#[tokio::test]
async fn both_databases_have_the_same_unique_keys_and_indexes() {
    let sqlite = TestStore::sqlite().await;
    let postgres = TestStore::postgres().await;
    let of_sqlite = sqlite
        .texts(
            "SELECT t.name || ' (' || (SELECT group_concat(COALESCE(c.name, 'substr'), ', ') FROM pragma_index_info(i.name) c) || ')'
                 || CASE WHEN i.\"unique\" THEN ' unique' ELSE '' END || CASE WHEN i.partial THEN ' partial' ELSE '' END
             FROM sqlite_schema t JOIN pragma_index_list(t.name) i
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY 1",
        )
        .await;
    let of_postgres = postgres
        .texts(
            "SELECT t.relname || ' (' || (SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute a
                                          WHERE a.attrelid = i.indexrelid) || ')'
                 || CASE WHEN i.indisunique THEN ' unique' ELSE '' END
                 || CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END
             FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
             WHERE n.nspname = 'public' AND t.relname NOT LIKE '\\_sqlx%' ORDER BY 1",
        )
        .await;
    assert!(of_sqlite.iter().any(|index| index == "jobs (document_id) unique"), "{of_sqlite:?}");
    assert_eq!(set(of_sqlite), set(of_postgres));
}

/// English and bytes sort differently.
fn set(lines: Vec<String>) -> BTreeSet<String> {
    lines.into_iter().collect()
}
