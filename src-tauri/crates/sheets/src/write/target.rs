//! A file that appears under its name only when it is complete.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file written beside its final place and moved there by [`TargetFile::commit`]. Dropped without it, nothing
/// is left behind and an older file of the name is untouched.
#[derive(Debug)]
pub struct TargetFile {
    file: Option<File>,
    part: PathBuf,
    path: PathBuf,
}

impl TargetFile {
    /// Begins a file.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = path.with_file_name(name);
        let file = Some(File::create(&part)?);
        Ok(Self {
            file,
            part,
            path: path.to_owned(),
        })
    }

    /// Flushes to the disk and moves the file to its name.
    ///
    /// # Errors
    /// The disk is full or the name cannot be taken.
    pub fn commit(mut self) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.sync_all()?;
            drop(file);
            fs::rename(&self.part, &self.path)?;
            self.part = PathBuf::new();
        }
        Ok(())
    }

    fn file(&mut self) -> io::Result<&mut File> {
        self.file
            .as_mut()
            .ok_or_else(|| io::Error::other("already committed"))
    }
}

impl Write for TargetFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file()?.flush()
    }
}

impl Seek for TargetFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file()?.seek(to)
    }
}

impl Drop for TargetFile {
    fn drop(&mut self) {
        self.file = None;
        if !self.part.as_os_str().is_empty() {
            // Best effort: a leftover part is harmless and overwritten by the next export.
            let _ = fs::remove_file(&self.part);
        }
    }
}
