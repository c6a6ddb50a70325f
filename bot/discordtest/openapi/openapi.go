// Package openapi checks a bot's REST requests against Discord's own OpenAPI
// document, and against the rules which that document does not know. Only tests
// import it.
package openapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Spec is a loaded document, safe for concurrent use.
type Spec struct {
	doc   *openapi3.T
	paths map[string][]string // template → its segments
	right sync.Map            // requests that were found right, by hash
}

// Load reads the document; it takes about 0.2 s, so load it once.
func Load(file string) (*Spec, error) {
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", file, err)
	}
	s := &Spec{doc: doc, paths: map[string][]string{}}
	for _, p := range doc.Paths.InMatchingOrder() {
		s.paths[p] = strings.Split(p, "/")
	}
	return s, nil
}

// Transport checks every request and sends it on through base (nil:
// http.DefaultTransport), whatever the verdict. report is called with what is
// wrong, from any goroutine; t.Error will do. What is not below /api/vN passes.
func (s *Spec) Transport(base http.RoundTripper, report func(error)) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return transport{s, base, report}
}

type transport struct {
	spec   *Spec
	base   http.RoundTripper
	report func(error)
}

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil && r.Body != http.NoBody {
		var err error
		body, err = io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("read request: %w", err)
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.ContentLength = int64(len(body))
	}
	if err := t.spec.checkOnce(r, body); err != nil {
		t.report(fmt.Errorf("%s %s: %w", r.Method, r.URL.Path, err))
	}
	return t.base.RoundTrip(r)
}

// checkOnce is Check, which takes milliseconds, but for the requests whose route,
// query and body were found right before.
func (s *Spec) checkOnce(r *http.Request, body []byte) error {
	path, _ := apiPath(r.URL.Path)
	template, _ := s.match(path)
	key := sha256.Sum256([]byte(r.Method + " " + template + "?" + r.URL.RawQuery + " " + r.Header.Get("Content-Type") + "\n" + string(body)))
	if _, right := s.right.Load(key); right && template != "" {
		return nil
	}
	err := s.Check(r.Method, r.URL, r.Header, body)
	if err == nil {
		s.right.Store(key, true)
	}
	return err
}

// Check tells what is wrong with a request. Of a multipart body the payload_json
// is checked.
func (s *Spec) Check(method string, u *url.URL, header http.Header, body []byte) error {
	path, ok := apiPath(u.Path)
	if !ok {
		return nil
	}
	template, params := s.match(path)
	if template == "" {
		return errors.New("no such route in the document")
	}
	item := s.doc.Paths.Value(template)
	op := item.GetOperation(method)
	if op == nil {
		return fmt.Errorf("no such method on %s in the document", template)
	}
	header = header.Clone()
	body, err := payload(header, body)
	if err != nil {
		return err
	}
	if err := ownRules(body); err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(context.Background(), method, u.String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = header
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, QueryParams: u.Query(),
		Route:   &routers.Route{Spec: s.doc, Path: template, PathItem: item, Method: method, Operation: op},
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true}}
	return openapi3filter.ValidateRequest(r.Context(), in)
}

// apiPath cuts "/api/v9" or the like off.
func apiPath(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, "/api/v")
	if !ok {
		return "", false
	}
	i := strings.IndexByte(rest, '/')
	if i < 0 {
		return "", false
	}
	return rest[i:], true
}

// match finds the template with the fewest parameters that fits a path.
func (s *Spec) match(path string) (string, map[string]string) {
	got := strings.Split(path, "/")
	best := ""
	var params map[string]string
	for template, want := range s.paths {
		if len(want) != len(got) {
			continue
		}
		found := map[string]string{}
		for i, w := range want {
			if strings.HasPrefix(w, "{") {
				found[strings.Trim(w, "{}")] = got[i]
			} else if w != got[i] {
				found = nil
				break
			}
		}
		if found != nil && (best == "" || len(found) < len(params)) {
			best, params = template, found
		}
	}
	return best, params
}

// payload returns the JSON of a request, and sets its header to JSON.
func payload(header http.Header, body []byte) ([]byte, error) {
	typ, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || typ != "multipart/form-data" {
		return body, nil // without a type there is no body, or the document says so
	}
	mr := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		p, err := mr.NextPart()
		if err != nil {
			return nil, fmt.Errorf("multipart body without payload_json: %w", err)
		}
		if p.FormName() == "payload_json" {
			header.Set("Content-Type", "application/json")
			return io.ReadAll(p)
		}
	}
}

const maxContent = 2000 // runes in a bot's message; the document allows 4,000

// ownRules are those of Discord that the document lacks.
func ownRules(body []byte) error {
	if len(body) == 0 {
		return nil
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return fmt.Errorf("the body is no JSON: %w", err)
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	for _, m := range []any{o, o["data"], o["message"]} { // a message, a callback, a forum post
		m, _ := m.(map[string]any)
		if c, _ := m["content"].(string); utf8.RuneCountInString(c) > maxContent {
			return fmt.Errorf("content has %d runes, at most %d", utf8.RuneCountInString(c), maxContent)
		}
	}
	return unique(v, map[string]bool{})
}

// unique finds a custom id that stands twice.
func unique(v any, seen map[string]bool) error {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if err := unique(x, seen); err != nil {
				return err
			}
		}
	case map[string]any:
		if id, ok := v["custom_id"].(string); ok && id != "" {
			if seen[id] {
				return fmt.Errorf("custom_id %q is used twice", id)
			}
			seen[id] = true
		}
		for _, x := range v {
			if err := unique(x, seen); err != nil {
				return err
			}
		}
	}
	return nil
}
