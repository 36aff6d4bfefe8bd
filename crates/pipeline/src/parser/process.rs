//! One child process and one exchange with it. Dropping it kills the child.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

use super::limits::awake;
use super::protocol::{Answer, CONFINED, HELLO, MAX_ANSWER, READY, Request};

/// More noise than this before the first words, and it is no parser.
const MAX_NOISE: usize = 16 * 1024;

/// As much of standard error as explains a death.
const MAX_LAST_WORDS: usize = 4 * 1024;

/// A running child.
#[derive(Debug)]
pub struct Process {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    errors: ChildStderr,
    last_words: Vec<u8>,
    /// How many documents it has read.
    pub documents: usize,
    /// Whether the kernel keeps it from files and sockets.
    pub is_confined: bool,
}

/// A child that says no more ends within this time, or is ended.
const LAST_MOMENTS: Duration = Duration::from_secs(5);

/// Why an exchange ended without an answer.
#[derive(Debug)]
pub enum Fault {
    /// The child says no more: it is gone, or as good as gone.
    Silence,
    /// The child talks nonsense.
    Nonsense(String),
    /// The body cannot be read.
    Body(io::Error),
}

impl Process {
    /// Starts a child and waits for its first words.
    pub async fn start(program: &Path, arguments: &[OsString]) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().current_dir("/").process_group(0).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let gone = || io::Error::other("a standard stream of the parser is missing");
        let (input, output, errors) = (
            child.stdin.take().ok_or_else(gone)?,
            child.stdout.take().ok_or_else(gone)?,
            child.stderr.take().ok_or_else(gone)?,
        );
        let mut process =
            Self { child, input, output, errors, last_words: Vec::new(), documents: 0, is_confined: false };
        process.await_hello().await?;
        process.is_confined = process.output.read_u8().await? == CONFINED;
        Ok(process)
    }

    /// The child's process id, while it runs.
    #[cfg(test)]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// The memory that it holds now, in bytes; known on Linux only.
    pub fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
    }

    async fn await_hello(&mut self) -> io::Result<()> {
        let mut heard = Vec::new();
        while !heard.ends_with(HELLO) {
            if heard.len() > MAX_NOISE {
                return Err(io::Error::other("the program is no parser"));
            }
            heard.push(self.output.read_u8().await?);
        }
        Ok(())
    }

    /// Announces a document. An error means that the child is gone, and that nothing of the body is used up.
    pub async fn announce(&mut self, request: &Request) -> io::Result<()> {
        let json = serde_json::to_vec(request)?;
        let length = u32::try_from(json.len()).map_err(io::Error::other)?;
        self.input.write_all(&length.to_le_bytes()).await?;
        self.input.write_all(&json).await?;
        self.input.flush().await?;
        match self.output.read_u8().await? {
            READY => Ok(()),
            other => Err(io::Error::other(format!("the parser said {other:#04x} instead of being ready"))),
        }
    }

    /// Sends the announced document and waits for the answer. Writes while it reads: a child that dies or answers early
    /// stalls nobody.
    pub async fn exchange(&mut self, body: impl AsyncRead + Unpin, length: u64) -> Result<Answer, Fault> {
        let Self { input, output, errors, last_words, .. } = self;
        let (sending, answering, listening) = (send(input, body, length), answer(output), listen(errors, last_words));
        tokio::pin!(sending, answering, listening);
        let (mut is_sending, mut is_listening) = (true, true);
        loop {
            tokio::select! {
                biased;
                sent = &mut sending, if is_sending => {
                    sent.map_err(Fault::Body)?;
                    is_sending = false;
                }
                // An answer before the whole body was sent would leave the rest to the next document.
                answer = &mut answering => return judged(answer, is_sending),
                () = &mut listening, if is_listening => is_listening = false,
            }
        }
    }

    /// Waits for the child's end, and says how it came to it with its last words; nothing for one that lives on, which is
    /// killed.
    pub async fn end(self) -> io::Result<Option<(ExitStatus, String)>> {
        let Self { mut child, mut errors, mut last_words, input, output, .. } = self;
        drop((input, output));
        let ending = async {
            listen(&mut errors, &mut last_words).await;
            child.wait().await
        };
        let Some(status) = awake(LAST_MOMENTS, ending).await else { return Ok(None) };
        Ok(Some((status?, String::from_utf8_lossy(&last_words).into_owned())))
    }
}

/// What an answer is worth.
fn judged(answer: io::Result<Answer>, is_sending: bool) -> Result<Answer, Fault> {
    match answer {
        Ok(_) if is_sending => Err(Fault::Nonsense("an answer before the whole document was there".to_owned())),
        Ok(answer) => Ok(answer),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(Fault::Silence),
        Err(error) => Err(Fault::Nonsense(error.to_string())),
    }
}

/// Only trouble with the body is an error here: a child that no longer reads shows in its answer.
async fn send(input: &mut ChildStdin, mut body: impl AsyncRead + Unpin, length: u64) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    let mut left = length;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let count = body.read(&mut buffer[..most]).await?;
        if count == 0 {
            let text = format!("the body ended {left} bytes before its length of {length}");
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
        }
        if input.write_all(&buffer[..count]).await.is_err() {
            return Ok(());
        }
        left -= count as u64;
    }
    // The next read finds a child that is gone.
    let _ = input.flush().await;
    Ok(())
}

/// Reads a child's answer, which may be anything: the child may be captured.
pub async fn answer(output: &mut (impl AsyncRead + Unpin)) -> io::Result<Answer> {
    let length = output.read_u32_le().await?;
    if length as usize > MAX_ANSWER {
        return Err(io::Error::other(format!("an answer of {length} bytes")));
    }
    let mut json = Vec::new();
    output.take(u64::from(length)).read_to_end(&mut json).await?;
    Ok(serde_json::from_slice(&json)?)
}

/// Keeps standard error flowing, and its first bytes.
async fn listen(errors: &mut ChildStderr, last_words: &mut Vec<u8>) {
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = errors.read(&mut buffer).await {
        let room = MAX_LAST_WORDS.saturating_sub(last_words.len());
        last_words.extend_from_slice(&buffer[..count.min(room)]);
    }
}
