//! The TypeScript side of the border, written by a test and committed; CI fails when it is out of date.

use ts_rs::{Config, TS, TypeVisitor};

/// Collects the declarations of types and of everything they name, each once.
pub struct Declarations {
    config: Config,
    seen: std::collections::BTreeMap<String, String>,
}

impl Default for Declarations {
    fn default() -> Self {
        // Row ids, fen and milliseconds stay below 2^53; remote ids and codes are text.
        Self {
            config: Config::new().with_large_int("number"),
            seen: std::collections::BTreeMap::new(),
        }
    }
}

impl Declarations {
    /// Adds a type.
    pub fn add<T: TS + 'static + ?Sized>(&mut self) -> String {
        let name = T::name(&self.config);
        self.visit::<T>();
        name
    }

    /// All declarations, sorted by name.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for decl in self.seen.values() {
            text.push_str("export ");
            text.push_str(decl);
            text.push('\n');
        }
        text
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() {
            let name = T::ident(&self.config);
            if self.seen.contains_key(&name) {
                return;
            }
            self.seen.insert(name.clone(), String::new());
            let decl = T::decl(&self.config);
            self.seen.insert(name, decl);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}
