//! Where reports go: one to standard output, any number of others to files.

use std::collections::BTreeSet;
use std::env;
use std::fs::OpenOptions;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::args::Color;
use super::files::describe;
use super::{Failure, atomic, terminal, walk};
use crate::form::Form;
use crate::lint::Report;
use crate::report::{self, RENDERERS, Renderer, Style};
use crate::spec::near;

#[derive(Debug, Args)]
pub(super) struct OutputArguments {
    /// The format of the report on standard output
    ///
    /// The default is `full`, unless --output is given.
    #[arg(long, short, value_name = "FORMAT", value_parser = format_parser())]
    format: Option<&'static Renderer>,

    /// Write a report in this format, into a file if one is given; may be repeated
    ///
    /// Without a file, or with `-`, it goes to standard output in place of --format. Files are
    /// written whole or not at all: `--output sarif=out.sarif --output github`.
    #[arg(long, short, value_name = "FORMAT[=FILE]", value_parser = Output::parse)]
    output: Vec<Output>,

    /// Say how often each rule was broken
    ///
    /// Stands behind a report in text; beside other formats it goes to standard error.
    #[arg(long)]
    statistics: bool,

    /// Print findings and nothing else: no summary
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// The names of the formats, with what they are.
fn format_parser() -> impl TypedValueParser<Value = &'static Renderer> {
    let values = (RENDERERS.iter()).map(|it| PossibleValue::new(it.name).help(it.title));
    PossibleValuesParser::new(values).try_map(|name| renderer(&name))
}

/// The format of that name.
fn renderer(name: &str) -> Result<&'static Renderer, String> {
    report::renderer(name).ok_or_else(|| {
        let names = || RENDERERS.iter().map(|renderer| renderer.name);
        let advice = match near::nearest(name, names()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
        };
        format!("no output format is called {name:?}; {advice}")
    })
}

/// A report that is wanted.
#[derive(Clone, Debug)]
struct Output {
    renderer: &'static Renderer,
    /// `None` for standard output.
    file: Option<PathBuf>,
}

impl Output {
    /// Takes `FORMAT` or `FORMAT=FILE`.
    fn parse(text: &str) -> Result<Output, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err(String::from("there is no file behind the equals sign")),
            Some((name, file)) => (name, Some(file)),
            None => (text, None),
        };
        Ok(Output {
            renderer: renderer(name)?,
            file: file.filter(|file| *file != "-").map(PathBuf::from),
        })
    }
}

/// Where the report goes that goes to no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Screen {
    /// To standard output.
    Stdout,
    /// To standard error, since standard output is for a document.
    Stderr,
    /// Nowhere: something else is shown in its place.
    Taken,
}

/// The reports that a run writes.
#[derive(Debug)]
pub(super) struct Outputs {
    on_screen: Option<&'static Renderer>,
    screen: Screen,
    in_files: Vec<(&'static Renderer, PathBuf)>,
    color: Color,
    statistics: bool,
    quiet: bool,
    /// What every document was taken for, if that was said.
    form: Option<&'static Form>,
}

impl Outputs {
    /// Looks through what was asked for, before anything is done.
    ///
    /// # Errors
    ///
    /// Two reports would go to one place, or one to a place that there is not.
    pub(super) fn new(
        arguments: &OutputArguments,
        color: Color,
        screen: Screen,
        form: Option<&'static Form>,
    ) -> Result<Outputs, Failure> {
        let mut on_stdout = arguments.format;
        let mut in_files: Vec<(&'static Renderer, PathBuf)> = Vec::new();
        for output in &arguments.output {
            let name = output.renderer.name;
            match (&output.file, on_stdout) {
                (Some(file), _) => {
                    check_place(name, file)?;
                    if in_files.iter().any(|(_, other)| is_same(other, file)) {
                        return Err(Failure::Usage(format!(
                            "two reports cannot both be written to {}",
                            file.display()
                        )));
                    }
                    in_files.push((output.renderer, file.clone()));
                }
                (None, None) => on_stdout = Some(output.renderer),
                (None, Some(other)) => {
                    return Err(Failure::Usage(format!(
                        "the reports {} and {name} cannot both be written to standard output; write one to a \
                         file: --output {name}=FILE",
                        other.name
                    )));
                }
            }
        }
        if on_stdout.is_none() && in_files.is_empty() {
            on_stdout = RENDERERS.first();
        }
        Ok(Outputs {
            on_screen: on_stdout.filter(|_| screen != Screen::Taken),
            screen,
            in_files,
            color,
            statistics: arguments.statistics,
            quiet: arguments.quiet,
            form,
        })
    }

    /// Writes the reports.
    ///
    /// # Errors
    ///
    /// Those of the system. Files come first: whoever reads standard output may have seen enough.
    pub(super) fn write(&self, report: &Report) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        for (renderer, file) in &self.in_files {
            bytes.clear();
            self.render(renderer, report, &terminal::plain_style(), &mut bytes)?;
            atomic::write(file, &bytes).map_err(|error| about(file, &error))?;
        }
        if self.renderers().any(|renderer| renderer.name == "github") {
            append_step_summary(report)?;
        }
        if let Some(renderer) = self.on_screen {
            if self.screen == Screen::Stderr {
                self.show(renderer, report, io::stderr().lock())?;
            } else {
                self.show(renderer, report, io::stdout().lock())?;
            }
        }
        if self.screen != Screen::Taken && !self.on_screen.is_some_and(|it| it.is_text) {
            let mut remarks = String::new();
            if self.statistics {
                remarks += &report::statistics(report);
            }
            // Where everything went to files, somebody at a terminal would see nothing.
            if self.on_screen.is_none() && !self.quiet {
                remarks += &self.summary(report);
            }
            terminal::say(&remarks);
        }
        Ok(())
    }

    /// Whether nothing but findings is wanted.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Sees to it that nothing is written over a file that is to be checked, nor over the baseline that
    /// is written beside the reports.
    ///
    /// # Errors
    ///
    /// An error of usage, where a file that is named is one of those.
    pub(super) fn spare(&self, inputs: &[PathBuf], baseline: Option<&Path>) -> Result<(), Failure> {
        let reports = || {
            (self.in_files.iter())
                .map(|(format, file)| (format!("report {}", format.name), file.as_path()))
        };
        let written = reports().chain(baseline.map(|file| ("baseline".to_owned(), file)));
        for (what, file) in written {
            if inputs
                .iter()
                .any(|input| input.is_file() && is_same(input, file))
            {
                return Err(Failure::Usage(format!(
                    "the {what} would be written over {}, which is to be checked",
                    file.display()
                )));
            }
        }
        let twice = |file: &Path| baseline.is_some_and(|baseline| is_same(baseline, file));
        match reports().find(|(_, file)| twice(file)) {
            Some((report, file)) => Err(Failure::Usage(format!(
                "the {report} and the baseline cannot both be written to {}",
                file.display()
            ))),
            None => Ok(()),
        }
    }

    fn renderers(&self) -> impl Iterator<Item = &'static Renderer> {
        let in_files = self.in_files.iter().map(|(renderer, _)| *renderer);
        in_files.chain(self.on_screen)
    }

    /// Writes the report that people or programs wait for at the other end.
    fn show(
        &self,
        renderer: &Renderer,
        report: &Report,
        end: impl Write + IsTerminal,
    ) -> io::Result<()> {
        let style = terminal::style(self.color, &end);
        let mut out = BufWriter::with_capacity(1 << 16, end);
        self.render(renderer, report, &style, &mut out)?;
        out.flush()
    }

    /// Writes one report, with what stands behind it in text.
    fn render(
        &self,
        renderer: &Renderer,
        report: &Report,
        style: &Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let renamed = repository(renderer.name).and_then(|root| relative_to(report, &root));
        (renderer.render)(renamed.as_ref().unwrap_or(report), style, out)?;
        if renderer.is_text {
            if self.statistics && !report.files.is_empty() {
                writeln!(out, "{}", report::statistics(report))?;
            }
            if !self.quiet {
                out.write_all(self.summary(report).as_bytes())?;
            }
        }
        Ok(())
    }

    /// The last line, and another one for whoever wonders why there is nothing.
    fn summary(&self, report: &Report) -> String {
        // Of a run that checked nothing there is nothing to sum up.
        if report.unusable > 0 {
            return String::new();
        }
        let mut lines = report::summary(report) + "\n";
        if report.connections > 0 || report.unreadable > 0 {
            return lines;
        }
        lines += &match self.form {
            Some(form) => format!(
                "Every document was taken for the form {}; without --form, each is recognized for itself\n",
                form.name
            ),
            None if report.looked_at == 0 => format!(
                "Folders are searched for files ending in {}; a file that is named is checked in any case\n",
                walk::ENDINGS.join(", ")
            ),
            None => String::from(
                "Looked for AWS::Glue::Connection, aws_glue_connection, ConnectionInput and the like; \
                 `gluelint forms` lists all\n",
            ),
        };
        lines
    }
}

/// Whether a report can go there: one that is lost at the end of a run has cost the most.
fn check_place(format: &str, file: &Path) -> Result<(), Failure> {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let wrong = if !folder.is_dir() {
        format!("there is no folder {}", folder.display())
    } else if file.is_dir() {
        format!("{} is a folder", file.display())
    } else {
        return Ok(());
    };
    Err(Failure::Usage(format!(
        "the report {format} cannot be written: {wrong}"
    )))
}

/// Whether two names lead to one file, which need not be there.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| {
        path.canonicalize().ok().or_else(|| {
            let folder = match path.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            };
            Some(folder.canonicalize().ok()?.join(path.file_name()?))
        })
    };
    one == other || real(one).is_some_and(|path| real(other) == Some(path))
}

fn about(file: &Path, error: &io::Error) -> Failure {
    let why = format!("{}: {}", file.display(), describe(error));
    Failure::Output(io::Error::other(why))
}

/// Adds a table to what the steps of a job of GitHub Actions have to say, if this is one.
fn append_step_summary(report: &Report) -> Result<(), Failure> {
    let Some(file) = variable("GITHUB_STEP_SUMMARY") else {
        return Ok(());
    };
    let mut markdown = Vec::new();
    report::step_summary(report, &mut markdown)?;
    // Other programs of the step write into it too.
    let written = (OpenOptions::new().append(true).create(true))
        .open(&file)
        .and_then(|mut summary| summary.write_all(&markdown));
    written.map_err(|error| about(Path::new(&file), &error))
}

/// Where the repository lies, for formats in which forges look for files there.
fn repository(format: &str) -> Option<PathBuf> {
    let name = match format {
        "github" | "sarif" => "GITHUB_WORKSPACE",
        "gitlab" => "CI_PROJECT_DIR",
        _ => return None,
    };
    variable(name).map(PathBuf::from)
}

/// A variable that is set to something.
fn variable(name: &str) -> Option<std::ffi::OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// The report with the names that its files have in a repository; `None` where they have those.
fn relative_to(report: &Report, root: &Path) -> Option<Report> {
    let here = env::current_dir().ok()?;
    let root = root.canonicalize().ok()?;
    let new_name = |name: &str| -> Option<String> {
        // What lies outside, or is no file, keeps its name.
        let path = here.join(name).canonicalize().ok()?;
        let name = path.strip_prefix(&root).ok()?;
        Some(super::files::display_name(name))
    };
    let names: BTreeSet<&str> = (report.files.iter().chain(&report.all_allowed))
        .flat_map(|file| file.others.values().chain([&file.document]))
        .map(|document| document.name.as_str())
        .collect();
    let mut renamed = None;
    for name in names {
        let Some(new) = new_name(name).filter(|new| new != name) else {
            continue;
        };
        let renamed = renamed.get_or_insert_with(|| report.clone());
        let files = renamed.files.iter_mut().chain(&mut renamed.all_allowed);
        let documents = files.flat_map(|file| {
            let others = file.others.values_mut();
            others.chain([&mut file.document])
        });
        for document in documents.filter(|document| document.name == name) {
            Arc::make_mut(document).name.clone_from(&new);
        }
    }
    renamed.map(|mut report| {
        report.sort();
        report
    })
}
