//! The child: reads documents from standard input, one after the other, and writes what came of them.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use extract::Budget;

use super::effort::Effort;
use super::protocol::{Answer, CONFINED, HELLO, MAX_ANSWER, OPEN, READY, Refusal, Request, too_much_text};
use super::{confine, reading, sandbox};

/// Readers of trees recurse. The system hands stack out as it is used, so a generous reserve costs nothing.
const STACK_BYTES: usize = 128 * 1024 * 1024;

/// Of the processor time that a document may take, so much is for reading; what was read by then is the answer, and the rest
/// of the time is for writing it down.
const READING: f64 = 0.75;

/// The whole of a parser child: what `gleaner parse-child` runs. Ends when standard input does.
pub fn child_main() -> ExitCode {
    let served = thread::Builder::new().stack_size(STACK_BYTES).spawn(|| {
        confine::for_good()?;
        let is_confined = sandbox::enter().inspect_err(|reason| eprintln!("{reason}")).is_ok();
        let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
        output.write_all(HELLO)?;
        output.write_all(&[if is_confined { CONFINED } else { OPEN }])?;
        output.flush()?;
        serve(&mut input, &mut output, |memory, cpu| Ok(confine::for_document(memory, cpu)?))
    });
    match served.map(thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(error))) | Err(error) => {
            eprintln!("the parser child stopped: {error}");
            ExitCode::FAILURE
        }
        Ok(Err(_)) => ExitCode::FAILURE,
    }
}

/// Answers one request after the other until the input ends. `limit` is told before each body how many bytes of memory and how
/// many seconds of processor time it may take.
pub fn serve(
    input: &mut impl Read,
    output: &mut impl Write,
    limit: impl Fn(u64, u64) -> io::Result<()>,
) -> io::Result<()> {
    while let Some(request) = request(input)? {
        limit(request.memory_bytes, request.cpu_secs)?;
        output.write_all(&[READY])?;
        output.flush()?;
        let mut body = Vec::new();
        if input.take(request.length).read_to_end(&mut body)? as u64 != request.length {
            return Ok(());
        }
        let (effort, time) = (Effort::begin(), Duration::from_secs(request.cpu_secs).mul_f64(READING));
        let gone = || effort.share_of(time);
        let answer: Answer = reading::read(&body, &request.hint, &Budget::counted(&gone)).map_err(Refusal::from);
        drop(body);
        reply(output, answer)?;
    }
    Ok(())
}

/// The next request, or nothing when the parent is done.
fn request(input: &mut impl Read) -> io::Result<Option<Request>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut json = Vec::new();
    input.take(u64::from(u32::from_le_bytes(length))).read_to_end(&mut json)?;
    Ok(Some(serde_json::from_slice(&json)?))
}

fn reply(output: &mut impl Write, answer: Answer) -> io::Result<()> {
    let mut json = serde_json::to_vec(&answer)?;
    drop(answer);
    if json.len() > MAX_ANSWER {
        json = serde_json::to_vec(&Answer::Err(too_much_text().into()))?;
    }
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(&json)?;
    output.flush()
}
