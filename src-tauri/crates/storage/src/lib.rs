//! The local SQLite file: one writer, several readers, migrations, change log, views.
