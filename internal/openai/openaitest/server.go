// Package openaitest is a small server that speaks OpenAI's protocol by
// script: chat completions whole and streamed, embeddings, and the list of
// models. It serves tests, which need every way in which such a server fails,
// and developers, who can see model mode at work without a key:
//
//	go run internal/openai/openaitest/serve.go
//
// starts one on 127.0.0.1:8089 whose model chooses the sentences that share
// the most words with the question.
package openaitest

import (
	"encoding/json"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// Request is a call as the server received it.
type Request struct {
	Path   string
	Header http.Header
	Body   []byte
	// Of a chat call:
	Model    string `json:"model"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	Stream bool `json:"stream"`
	// Of an embeddings call:
	Input []string `json:"input"`
}

// Has reports whether the body of r has the top-level field.
func (r Request) Has(field string) bool {
	var m map[string]json.RawMessage
	return json.Unmarshal(r.Body, &m) == nil && m[field] != nil
}

// User returns the content of the last message.
func (r Request) User() string {
	if len(r.Messages) == 0 {
		return ""
	}
	return r.Messages[len(r.Messages)-1].Content
}

// Reply answers one call. quit is closed when the caller or the server is gone.
type Reply func(w http.ResponseWriter, r Request, quit <-chan struct{})

// Server answers chat calls by script, one reply a call, the last one over and
// over. It is an http.Handler and may be used from many goroutines.
type Server struct {
	// Models are what the list of models holds; Key, where set, is the only
	// one that is taken.
	Models []string
	Key    string
	// Embed answers embeddings calls; nil is Vectors(8).
	Embed Reply

	mu       sync.Mutex
	script   []Reply
	requests []Request
}

// New returns a server that plays the script, or Selects without one.
func New(script ...Reply) *Server {
	if len(script) == 0 {
		script = []Reply{Selects()}
	}
	return &Server{Models: []string{"scripted"}, script: script}
}

// Start serves s on a free port of the loopback interface. The URL to
// configure is base; stop ends the replies under way and closes the server.
func (s *Server) Start() (base string, stop func()) {
	ts := httptest.NewServer(s)
	return ts.URL + "/v1", func() {
		ts.CloseClientConnections()
		ts.Close()
	}
}

// Requests returns the chat and embeddings calls so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// maxRequest is the longest request that is read.
const maxRequest = 32 << 20

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return
	}
	req := Request{Path: r.URL.Path, Header: r.Header.Clone(), Body: body}
	if len(body) > 0 && json.Unmarshal(body, &req) != nil {
		writeError(w, 400, "invalid_request", "the body is no JSON")
		return
	}
	if s.Key != "" && r.Header.Get("Authorization") != "Bearer "+s.Key && r.Header.Get("Api-Key") != s.Key {
		sent := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		writeError(w, 401, "invalid_api_key", "Incorrect API key provided: "+sent+".")
		return
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "/models"):
		s.list(w)
	case strings.HasSuffix(r.URL.Path, "/chat/completions"):
		s.next(req)(w, req, r.Context().Done())
	case strings.HasSuffix(r.URL.Path, "/embeddings"):
		s.record(req)
		embed := s.Embed
		if embed == nil {
			embed = Vectors(8)
		}
		embed(w, req, r.Context().Done())
	default:
		writeError(w, 404, "not_found", "no such path")
	}
}

func (s *Server) record(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
}

// next records r and returns the reply whose turn it is.
func (s *Server) next(r Request) Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	reply := s.script[0]
	if len(s.script) > 1 {
		s.script = s.script[1:]
	}
	return reply
}

func (s *Server) list(w http.ResponseWriter) {
	type model struct {
		ID     string `json:"id"`
		Object string `json:"object"`
	}
	list := struct {
		Object string  `json:"object"`
		Data   []model `json:"data"`
	}{Object: "list", Data: []model{}}
	for _, m := range s.Models {
		list.Data = append(list.Data, model{m, "model"})
	}
	writeJSON(w, 200, list)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the client may be gone
}

func writeError(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, map[string]any{"error": map[string]any{"message": message, "type": code, "code": code}})
}

// Vectors answers embeddings with vectors of n dimensions that are a function
// of each text's words.
func Vectors(n int) Reply {
	return func(w http.ResponseWriter, r Request, _ <-chan struct{}) {
		type item struct {
			Object    string    `json:"object"`
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		out := make([]item, len(r.Input))
		for i, text := range r.Input {
			out[i] = item{"embedding", i, vector(text, n)}
		}
		writeJSON(w, 200, map[string]any{"object": "list", "data": out, "model": r.Model,
			"usage": map[string]int{"prompt_tokens": len(r.Body) / 4, "total_tokens": len(r.Body) / 4}})
	}
}

// vector hashes each word of text into one of n dimensions, and is never zero.
func vector(text string, n int) []float32 {
	v := make([]float32, n)
	v[0] = 0.01
	for _, word := range strings.Fields(strings.ToLower(text)) {
		h := fnv.New32a()
		h.Write([]byte(word))
		v[int(h.Sum32()%uint32(n))]++
	}
	return v
}
