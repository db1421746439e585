//! Bodies of responses, which may break off.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::{Body, Frame};
use hyper::body::Bytes;

/// The body of a response, and whether the connection is cut in the middle of it.
pub(crate) struct ResponseBody {
    bytes: Option<Bytes>,
    /// How it ends, if it does not end well.
    break_off: Option<BreakOff>,
}

#[derive(Clone, Copy)]
enum BreakOff {
    /// Once, to let the server send what it has: an error would throw that away, too.
    Pause,
    Cut,
}

impl ResponseBody {
    pub(crate) const fn whole(bytes: Bytes) -> Self {
        Self { bytes: Some(bytes), break_off: None }
    }

    /// The first half, after which nothing more comes.
    pub(crate) fn half(bytes: &Bytes) -> Self {
        Self { bytes: Some(bytes.slice(..bytes.len() / 2)), break_off: Some(BreakOff::Pause) }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.break_off {
            None => Poll::Ready(None),
            Some(BreakOff::Pause) => {
                self.break_off = Some(BreakOff::Cut);
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(BreakOff::Cut) => Poll::Ready(Some(Err(Cut))),
        }
    }
}

/// The connection is cut, as was ordered.
#[derive(Debug)]
pub(crate) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is cut, as was ordered")
    }
}

impl std::error::Error for Cut {}
