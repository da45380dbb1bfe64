//! Who is told how far an analysis has come, and what must be known before a number is quoted.

/// Hears of the work while it is done. Called from any thread.
pub trait Observer: Sync {
    /// A piece of work begins, of so many things; `None` where their number is not known. It ends
    /// when what is given back is dropped.
    fn stage(&self, name: &str, total: Option<u64>) -> Box<dyn Stage>;

    /// Something that is good to know.
    fn note(&self, text: &str);

    /// Something that has to be known before a number is used.
    fn warning(&self, text: &str);
}

/// A piece of work that goes on.
pub trait Stage: Send + Sync {
    /// So many more are done.
    fn tick(&self, done: u64);
}

impl dyn Observer + '_ {
    /// Does a piece of work that cannot be counted.
    pub fn during<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let _stage = self.stage(name, None);
        work()
    }
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn stage(&self, _: &str, _: Option<u64>) -> Box<dyn Stage> {
        Box::new(Silent)
    }

    fn note(&self, _: &str) {}

    fn warning(&self, _: &str) {}
}

impl Stage for Silent {
    fn tick(&self, _: u64) {}
}
