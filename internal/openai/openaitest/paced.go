package openaitest

import (
	"net/http"
	"time"
)

// Chunks streams the chunks as they are cut, and then the reason to end: ""
// is a stream that is cut off after them. Asked for a whole answer, it sends
// them joined.
func Chunks(reason string, chunks ...string) Reply {
	return func(w http.ResponseWriter, r Request, quit <-chan struct{}) {
		if !r.Stream {
			text := ""
			for _, c := range chunks {
				text += c
			}
			finished(text, reason, "")(w, r, quit)
			return
		}
		s := newStream(w)
		for _, c := range chunks {
			s.delta(map[string]any{"content": c}, "")
		}
		if reason != "" {
			s.delta(map[string]any{}, reason)
			s.line("data: [DONE]\n\n")
		}
	}
}

// Paced is reply, streamed slowly: each of its events waits for a value from
// next. All are sent at once when next is closed.
func Paced[T any](next <-chan T, reply Reply) Reply {
	return func(w http.ResponseWriter, r Request, quit <-chan struct{}) {
		reply(&pacedWriter{ResponseWriter: w, wait: func() bool {
			select {
			case <-next:
				return true
			case <-quit:
				return false
			}
		}}, r, quit)
	}
}

// Slowly is reply with a pause before each of its events.
func Slowly(pause time.Duration, reply Reply) Reply {
	return func(w http.ResponseWriter, r Request, quit <-chan struct{}) {
		tick := time.NewTicker(pause)
		defer tick.Stop()
		Paced(tick.C, reply)(w, r, quit)
	}
}

// pacedWriter waits before each write, which is an event of a stream; when
// waiting ends because the caller is gone, it writes nothing more.
type pacedWriter struct {
	http.ResponseWriter
	wait func() bool
}

func (p *pacedWriter) Write(b []byte) (int, error) {
	if !p.wait() {
		return 0, http.ErrAbortHandler
	}
	return p.ResponseWriter.Write(b)
}

// Flush implements http.Flusher.
func (p *pacedWriter) Flush() {
	if f, ok := p.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Breaks chooses as Selects does, and the stream is cut off after the first
// point.
func Breaks() Reply {
	return Prompted(func(question string, sentences []Sentence) Reply {
		points := choose(question, sentences)
		text := pointsJSON(points[:min(1, len(points))])
		return Chunks("", pieces(text[:len(text)-len("]}")])...)
	})
}
