package openaitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Text answers with the text, whole or streamed as the call asks.
func Text(text string) Reply { return finished(text, "stop", "") }

// Finish answers with the text and another reason to end than "stop":
// "length", "content_filter", or "" for none.
func Finish(text, reason string) Reply { return finished(text, reason, "") }

// Refusal answers that the model will not.
func Refusal(words string) Reply { return finished("", "stop", words) }

func finished(text, reason, refusal string) Reply {
	return func(w http.ResponseWriter, r Request, _ <-chan struct{}) {
		if !r.Stream {
			message := map[string]any{"role": "assistant", "content": text}
			if refusal != "" {
				message["refusal"] = refusal
			}
			writeJSON(w, 200, map[string]any{"id": "c1", "object": "chat.completion", "model": r.Model,
				"choices": []any{map[string]any{"index": 0, "message": message, "finish_reason": nullable(reason)}}, "usage": usage(r, text)})
			return
		}
		s := newStream(w)
		for _, part := range pieces(text) {
			s.delta(map[string]any{"content": part}, "")
		}
		if refusal != "" {
			s.delta(map[string]any{"refusal": refusal}, "")
		}
		if reason != "" {
			s.delta(map[string]any{}, reason)
		}
		if r.Has("stream_options") {
			s.data(map[string]any{"id": "c1", "object": "chat.completion.chunk", "choices": []any{}, "usage": usage(r, text)})
		}
		s.line("data: [DONE]\n\n")
	}
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func usage(r Request, text string) map[string]int {
	in := 0
	for _, m := range r.Messages {
		in += len(m.Content) / 4
	}
	return map[string]int{"prompt_tokens": in, "completion_tokens": len(text) / 4, "total_tokens": in + len(text)/4}
}

// pieces cuts text into about eight parts, between characters.
func pieces(text string) []string {
	runes := []rune(text)
	size := len(runes)/8 + 1
	var out []string
	for i := 0; i < len(runes); i += size {
		out = append(out, string(runes[i:min(len(runes), i+size)]))
	}
	return out
}

// stream writes server-sent events, each at once.
type stream struct {
	w     http.ResponseWriter
	flush func()
}

func newStream(w http.ResponseWriter) stream {
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(200)
	s := stream{w: w, flush: func() {}}
	if f, ok := w.(http.Flusher); ok {
		s.flush = f.Flush
	}
	s.flush()
	return s
}

func (s stream) line(text string) {
	fmt.Fprint(s.w, text)
	s.flush()
}

func (s stream) data(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		return
	}
	s.line("data: " + string(b) + "\n\n")
}

func (s stream) delta(delta map[string]any, reason string) {
	s.data(map[string]any{"id": "c1", "object": "chat.completion.chunk",
		"choices": []any{map[string]any{"index": 0, "delta": delta, "finish_reason": nullable(reason)}}})
}

// Status answers with an HTTP status, an error in OpenAI's shape, and headers
// given as name, value, name, value.
func Status(status int, code, message string, headers ...string) Reply {
	return func(w http.ResponseWriter, _ Request, _ <-chan struct{}) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		writeError(w, status, code, message)
	}
}

// Body answers with an HTTP status and a body as it stands.
func Body(status int, contentType, body string) Reply {
	return func(w http.ResponseWriter, _ Request, _ <-chan struct{}) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// HTML answers with a web page.
func HTML() Reply {
	return Body(200, "text/html; charset=utf-8", "<!DOCTYPE html><html><title>Welcome</title></html>")
}

// WrongKey, NoModel, Quota and TooLong answer as OpenAI does.
func WrongKey(key string) Reply {
	return Status(401, "invalid_api_key", "Incorrect API key provided: "+key+". You can find your API key at the dashboard.")
}

// NoModel answers that there is no such model.
func NoModel(name string) Reply {
	return Status(404, "model_not_found", "The model '"+name+"' does not exist or you do not have access to it.")
}

// RateLimit answers 429, with Retry-After in seconds unless it is negative.
func RateLimit(after int) Reply {
	if after < 0 {
		return Status(429, "rate_limit_exceeded", "Rate limit reached.")
	}
	return Status(429, "rate_limit_exceeded", "Rate limit reached.", "Retry-After", strconv.Itoa(after))
}

// TooLong answers that the messages do not fit the model.
func TooLong() Reply {
	return Status(400, "context_length_exceeded", "This model's maximum context length is 4096 tokens. However, your messages resulted in 9000 tokens.")
}

// EmptyChoices answers without any choice.
func EmptyChoices() Reply {
	return func(w http.ResponseWriter, r Request, _ <-chan struct{}) {
		if r.Stream {
			s := newStream(w)
			s.data(map[string]any{"id": "c1", "choices": []any{}})
			s.line("data: [DONE]\n\n")
			return
		}
		writeJSON(w, 200, map[string]any{"id": "c1", "choices": []any{}})
	}
}

// Hang takes the call and never answers.
func Hang() Reply {
	return func(w http.ResponseWriter, _ Request, quit <-chan struct{}) { <-quit }
}

// HangAfter streams the text and then falls silent.
func HangAfter(text string) Reply {
	return func(w http.ResponseWriter, _ Request, quit <-chan struct{}) {
		newStream(w).delta(map[string]any{"content": text}, "")
		<-quit
	}
}

// Drip streams one character each time that every has passed, for ever.
func Drip(every time.Duration) Reply {
	return func(w http.ResponseWriter, _ Request, quit <-chan struct{}) {
		s := newStream(w)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				s.delta(map[string]any{"content": "x"}, "")
			}
		}
	}
}

// Cut streams the text and closes the stream as if it were whole, without a
// reason to end and without [DONE].
func Cut(text string) Reply {
	return func(w http.ResponseWriter, _ Request, _ <-chan struct{}) {
		newStream(w).delta(map[string]any{"content": text}, "")
	}
}

// Reset streams the text and breaks the connection.
func Reset(text string) Reply {
	return func(w http.ResponseWriter, _ Request, _ <-chan struct{}) {
		newStream(w).delta(map[string]any{"content": text}, "")
		panic(http.ErrAbortHandler)
	}
}

// Midway streams the text, then writes raw as it stands, and ends.
func Midway(text, raw string) Reply {
	return func(w http.ResponseWriter, _ Request, _ <-chan struct{}) {
		s := newStream(w)
		s.delta(map[string]any{"content": text}, "")
		s.line(raw)
	}
}

// KeepAlive sends n comments before it streams the text.
func KeepAlive(n int, text string) Reply {
	return func(w http.ResponseWriter, r Request, quit <-chan struct{}) {
		s := newStream(w)
		s.line(strings.Repeat(": OPENROUTER PROCESSING\n\n", n))
		finished(text, "stop", "")(noHeader{w}, r, quit)
	}
}

// noHeader is for a reply after the header of another.
type noHeader struct{ http.ResponseWriter }

func (noHeader) WriteHeader(int) {}

// Flush implements http.Flusher.
func (n noHeader) Flush() {
	if f, ok := n.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Huge answers with n bytes of text.
func Huge(n int) Reply {
	part := strings.Repeat("x", 8<<10)
	return func(w http.ResponseWriter, r Request, _ <-chan struct{}) {
		if r.Stream {
			s := newStream(w)
			for i := 0; i < n; i += len(part) {
				s.delta(map[string]any{"content": part}, "")
			}
			s.delta(map[string]any{}, "stop")
			s.line("data: [DONE]\n\n")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"`)
		for i := 0; i < n; i += len(part) {
			fmt.Fprint(w, part)
		}
		fmt.Fprint(w, `"}}]}`)
	}
}
