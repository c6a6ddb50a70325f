package discordtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Request is one REST request as it came.
type Request struct {
	Method string
	Path   string // below Prefix, such as "/channels/1/messages"
	Query  url.Values
	Header http.Header
	Body   []byte // JSON; of a multipart request its payload_json
	Files  []File
	Time   time.Time
	Status int // of the answer; 0 while there is none
}

// File is an uploaded file.
type File struct {
	Name, ContentType string
	Body              []byte
}

// Violation is a request that Discord, or a rule of ours, forbids.
type Violation struct {
	Method, Path, Why string
}

func (v Violation) String() string { return v.Method + " " + v.Path + ": " + v.Why }

// exchange is a request on its way through a handler.
type exchange struct {
	r     *http.Request
	path  string
	body  []byte
	files []File
}

func (x *exchange) val(name string) string { return x.r.PathValue(name) }

// apiError is an error as Discord words it.
type apiError struct {
	status, code int
	message      string
}

func (e *apiError) Error() string { return e.message }

var errForm = &apiError{400, 50035, "Invalid Form Body"}

func notFound(code int, what string) error { return &apiError{404, code, "Unknown " + what} }

type endpoint func(x *exchange) (int, any, error)

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/gateway", s.serveGateway)
	mux.HandleFunc("/gateway/", s.serveGateway)
	mux.HandleFunc("GET /attachments/{channel}/{id}/{name}", s.serveAttachment)
	for pattern, h := range s.routes() {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+Prefix+path, s.serve(h))
	}
	mux.HandleFunc("/", s.serve(func(x *exchange) (int, any, error) {
		s.violate(x, "no such route in discordtest")
		return 0, nil, &apiError{404, 0, "404: Not Found"}
	}))
	return mux
}

func (s *Server) serve(h endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		x, err := readExchange(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		n := len(s.requests)
		s.requests = append(s.requests, Request{Method: r.Method, Path: x.path, Query: r.URL.Query(),
			Header: r.Header.Clone(), Body: x.body, Files: x.files, Time: s.opts.Now()})
		f := s.takeFault(r.Method, x.path)
		s.changed.fire()
		s.mu.Unlock()
		status := s.answer(w, x, h, f)
		s.mu.Lock()
		s.requests[n].Status = status
		s.changed.fire()
		s.mu.Unlock()
	}
}

// answer runs the handler under its fault, writes what it says and returns the status.
func (s *Server) answer(w http.ResponseWriter, x *exchange, h endpoint, f *Fault) int {
	if f != nil && !f.wait(x.r.Context(), s.done) {
		return 0
	}
	if f != nil && f.Status != 0 && !f.After {
		return f.write(w)
	}
	status, v, err := 0, any(nil), s.authorize(x)
	if err == nil {
		status, v, err = h(x)
	}
	if f != nil && f.HangAfter {
		hang(x.r.Context(), s.done)
		return 0
	}
	if f != nil && (f.Status != 0 || f.Body != "") {
		return f.write(w)
	}
	if err != nil {
		var ae *apiError
		if !errors.As(err, &ae) {
			ae = &apiError{500, 0, err.Error()}
		}
		status, v = ae.status, object{"message": ae.message, "code": ae.code}
	}
	if v == nil {
		w.WriteHeader(status)
		return status
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(http.ErrAbortHandler) // the client has gone
	}
	return status
}

// authorize checks the token, which the token's own routes do without.
func (s *Server) authorize(x *exchange) error {
	if strings.HasPrefix(x.path, "/interactions/") || strings.HasPrefix(x.path, "/webhooks/") || x.path == "/gateway" {
		return nil
	}
	if x.r.Header.Get("Authorization") != "Bot "+s.opts.Token {
		return &apiError{401, 0, "401: Unauthorized"}
	}
	return nil
}

func readExchange(r *http.Request) (*exchange, error) {
	x := &exchange{r: r, path: strings.TrimPrefix(r.URL.Path, Prefix)}
	typ, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if typ != "multipart/form-data" {
		var err error
		x.body, err = io.ReadAll(r.Body)
		return x, err
	}
	mr := multipart.NewReader(r.Body, params["boundary"])
	for {
		p, err := mr.NextPart()
		if err == io.EOF {
			return x, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read multipart: %w", err)
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return nil, fmt.Errorf("read multipart: %w", err)
		}
		if p.FormName() == "payload_json" {
			x.body = b
		} else {
			x.files = append(x.files, File{Name: p.FileName(), ContentType: p.Header.Get("Content-Type"), Body: b})
		}
	}
}

func (s *Server) violate(x *exchange, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations = append(s.violations, Violation{x.r.Method, x.path, fmt.Sprintf(format, args...)})
}

// refuse records what is wrong and returns the error for it.
func (s *Server) refuse(x *exchange, wrong []string) error {
	for _, why := range wrong {
		s.violate(x, "%s", why)
	}
	if len(wrong) == 0 {
		return nil
	}
	return &apiError{400, errForm.code, errForm.message + ": " + strings.Join(wrong, "; ")}
}

// Violations returns what was forbidden so far; a test wants none.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Violation(nil), s.violations...)
}

// Requests returns the REST requests so far, oldest first, whose method and
// route match ("" and "*" match any; a "*" segment matches one segment).
func (s *Server) Requests(method, route string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.matching(method, route)
}

func (s *Server) matching(method, route string) []Request {
	var list []Request
	for _, r := range s.requests {
		if routeMatches(method, route, r.Method, r.Path) {
			list = append(list, r)
		}
	}
	return list
}

// WaitRequests waits for n requests that match, each of them answered, and returns them.
func (s *Server) WaitRequests(ctx context.Context, method, route string, n int) ([]Request, error) {
	var list []Request
	err := s.wait(ctx, &s.changed, fmt.Sprintf("%d requests %s %s", n, method, route), func() bool {
		list = s.matching(method, route)
		if len(list) < n {
			return false
		}
		for _, r := range list[:n] {
			if r.Status == 0 {
				return false
			}
		}
		return true
	})
	return list, err
}

// Until waits for what has no wait of its own: it calls cond, without holding a
// lock, now and after every change (a request, a message, a gateway event).
func (s *Server) Until(ctx context.Context, cond func() bool) error {
	for {
		s.mu.Lock()
		ch := s.changed.ch
		s.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-ch:
		case <-ctx.Done():
			return fmt.Errorf("wait for a change: %w", ctx.Err())
		}
	}
}

// InvalidRequests counts answers of 401, 403 and 429: 10,000 in ten minutes get
// a bot's address banned.
func (s *Server) InvalidRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.requests {
		if r.Status == 401 || r.Status == 403 || r.Status == 429 {
			n++
		}
	}
	return n
}

func routeMatches(method, route, gotMethod, gotPath string) bool {
	if method != "" && method != "*" && method != gotMethod {
		return false
	}
	if route == "" || route == "*" {
		return true
	}
	want, got := strings.Split(route, "/"), strings.Split(gotPath, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != "*" && want[i] != got[i] {
			return false
		}
	}
	return true
}
