package openai

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/answer/draft"
	"verbatim/answer/guard"
	"verbatim/internal/openai/openaitest"
)

var wantPoints = []guard.Point{{Text: "The mayor said the town bought four buses.", Sentences: []int{1}}}

func TestGoodAnswers(t *testing.T) {
	for name, reply := range map[string]openaitest.Reply{
		"plain":               openaitest.Text(goodAnswer),
		"thought first":       openaitest.Text("<think>\nFour {\"answers\": false}\n</think>\n" + goodAnswer),
		"thought not opened":  openaitest.Text("Four buses.</think>" + goodAnswer),
		"prose after":         openaitest.Text(goodAnswer + "\n\nI hope this helps! {smile}"),
		"prose before":        openaitest.Text("Here is {the} JSON: " + goodAnswer),
		"in a fence":          openaitest.Text("```json\n" + goodAnswer + "\n```"),
		"numbers as text":     openaitest.Text(strings.Replace(goodAnswer, "[1]", `["1"]`, 1)),
		"one number":          openaitest.Text(strings.Replace(goodAnswer, "[1]", "1", 1)),
		"kept alive":          openaitest.KeepAlive(5000, goodAnswer),
		"kept silent at end":  openaitest.Midway("", "data: "+chunk(goodAnswer)+"\n\n"),
		"tried again":         openaitest.Text(goodAnswer),
		"without data prefix": openaitest.Body(200, "text/event-stream", "data:"+chunk(goodAnswer)+"\r\n\r\ndata:[DONE]\r\n\r\n"),
	} {
		for _, whole := range []bool{false, true} {
			if whole && (strings.HasPrefix(name, "kept") || name == "without data prefix") {
				continue
			}
			t.Run(name, func(t *testing.T) {
				var log logged
				c := newTestChat(t, start(t, openaitest.New(reply)), &log, func(o *ChatOptions) { o.NoStream = whole })
				d, err := ask(t.Context(), c)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(wantPoints, d.Points); diff != "" || d.Verdict != draft.Answered || d.Tokens.In == 0 || d.Tokens.Out == 0 {
					t.Errorf("got %+v, %s", d, diff)
				}
				if strings.Contains(log.String(), testKey) {
					t.Error("the log holds the key")
				}
			})
		}
	}
}

// chunk is the last event of a stream, with the text in it.
func chunk(text string) string {
	b, err := json.Marshal(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]string{"content": text}, "finish_reason": "stop"}}})
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestAnswersNot(t *testing.T) {
	var log logged
	c := newTestChat(t, start(t, openaitest.New(openaitest.Points())), &log, nil)
	d, err := ask(t.Context(), c)
	if err != nil || d.Verdict != draft.NotAnswered || len(d.Points) > 0 {
		t.Errorf("got %+v, %v", d, err)
	}
}

// TestRequest holds what is sent: the temperature 0 too, the schema, the key
// and the headers.
func TestRequest(t *testing.T) {
	var log logged
	s := openaitest.New(openaitest.Text(goodAnswer))
	s.Key = testKey
	c := newTestChat(t, start(t, s)+"/", &log, func(o *ChatOptions) { o.Headers = map[string]string{"X-Title": "verbatim"} })
	if _, err := ask(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := s.Requests()[0]
	var body struct {
		Temperature    *float64
		MaxTokens      int `json:"max_tokens"`
		ResponseFormat struct {
			Type       string
			JSONSchema struct {
				Strict bool
				Schema map[string]any
			} `json:"json_schema"`
		} `json:"response_format"`
	}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		t.Fatal(err)
	}
	if body.Temperature == nil || *body.Temperature > 1e-6 {
		t.Errorf("temperature 0 is not sent: %s", r.Body)
	}
	if body.MaxTokens != 1200 || body.ResponseFormat.Type != "json_schema" || !body.ResponseFormat.JSONSchema.Strict || body.ResponseFormat.JSONSchema.Schema["type"] != "object" {
		t.Errorf("got request %s", r.Body)
	}
	if r.Header.Get("X-Title") != "verbatim" || r.Path != "/v1/chat/completions" {
		t.Errorf("got %s with %v", r.Path, r.Header)
	}
	question, sentences := openaitest.ReadPrompt(r.User())
	if question != brief.Question || len(sentences) != 2 || sentences[0].Text != brief.Sentences[0].Text || sentences[0].Outlet != "Example" {
		t.Errorf("the prompt reads as %q, %v", question, sentences)
	}
}

func TestAzure(t *testing.T) {
	var log logged
	s := openaitest.New(openaitest.Text(goodAnswer))
	s.Key = testKey
	base := strings.TrimSuffix(start(t, s), "/v1")
	c := newTestChat(t, base, &log, func(o *ChatOptions) { o.Azure = true; o.Model = "gpt-4.1-mini" })
	if _, err := ask(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := s.Requests()[0]
	if r.Path != "/openai/deployments/gpt-4.1-mini/chat/completions" || r.Header.Get("Api-Key") != testKey || r.Header.Get("Authorization") != "" {
		t.Errorf("got %s with %v", r.Path, r.Header)
	}
}

// TestLearns holds that a parameter that a server does not take is left out
// within the same call, and at once in the next.
func TestLearns(t *testing.T) {
	bad := func(message string) openaitest.Reply { return openaitest.Status(400, "unsupported_parameter", message) }
	for _, c := range []struct {
		name   string
		model  string
		script []openaitest.Reply
		check  func(r openaitest.Request) bool
		calls  int
	}{
		{"max_completion_tokens", "scripted", []openaitest.Reply{bad("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")},
			func(r openaitest.Request) bool { return !r.Has("max_tokens") && r.Has("max_completion_tokens") }, 2},
		{"temperature", "scripted", []openaitest.Reply{bad("Unsupported value: 'temperature' does not support 0 with this model.")},
			func(r openaitest.Request) bool { return !r.Has("temperature") }, 2},
		{"reasoning model by its name", "o3-mini", nil,
			func(r openaitest.Request) bool {
				return !r.Has("temperature") && !r.Has("max_tokens") && r.Has("max_completion_tokens")
			}, 1},
		{"schema", "scripted", []openaitest.Reply{bad("response_format.type json_schema is not supported, use json_object")},
			func(r openaitest.Request) bool { return strings.Contains(string(r.Body), `"json_object"`) }, 2},
		{"any format", "scripted", []openaitest.Reply{openaitest.Status(422, "", "Extra inputs are not permitted: response_format")},
			func(r openaitest.Request) bool { return !r.Has("response_format") }, 2},
		{"usage", "scripted", []openaitest.Reply{bad("unknown field stream_options")},
			func(r openaitest.Request) bool { return !r.Has("stream_options") && r.Stream }, 2},
		{"streams not", "scripted", []openaitest.Reply{openaitest.Body(200, "application/json", `{"choices":[]}`)},
			func(r openaitest.Request) bool { return !r.Stream }, 2},
		{"two at once", "scripted", []openaitest.Reply{bad("max_tokens is not supported"), bad("temperature is not supported")},
			func(r openaitest.Request) bool { return !r.Has("temperature") && !r.Has("max_tokens") }, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log logged
			s := openaitest.New(append(c.script, openaitest.Text(goodAnswer))...)
			chat := newTestChat(t, start(t, s), &log, func(o *ChatOptions) { o.Model = c.model })
			for range 2 {
				if _, err := ask(t.Context(), chat); err != nil {
					t.Fatal(err)
				}
			}
			all := s.Requests()
			if len(all) != c.calls+1 {
				t.Errorf("%d calls were made for two answers, want %d", len(all), c.calls+1)
			}
			for _, r := range all[c.calls-1:] {
				if !c.check(r) {
					t.Errorf("sent %s", r.Body)
				}
			}
		})
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		reply  openaitest.Reply
		ok     bool
		advice string
	}{
		{"well", openaitest.Text(goodAnswer), true, ""},
		{"answers nothing", openaitest.Points(), true, ""},
		{"invents", openaitest.Points(openaitest.Point{Text: "The town bought nine ships.", Sentences: []int{1}}), true, ""},
		{"wrong key", openaitest.WrongKey(testKey), false, "Set the key in the environment"},
		{"unknown model", openaitest.NoModel("scripted"), false, "it has alpha, beta"},
		{"busy", openaitest.RateLimit(3600), false, "Wait, lower the number"},
		{"bad answers", openaitest.Text("Sure!"), false, "json_object or text"},
		{"hangs", openaitest.Hang(), false, "smaller model"},
		{"page", openaitest.HTML(), false, "not a web page"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log logged
			s := openaitest.New(c.reply)
			s.Models = []string{"beta", "alpha"}
			chat := newTestChat(t, start(t, s), &log, nil)
			d := chat.Check(t.Context())
			if few := c.name == "invents" || c.name == "answers nothing"; strings.Contains(d.What, "expect few points") != few {
				t.Errorf("got %+v", d)
			}
			if d.OK != c.ok || !strings.Contains(d.Advice, c.advice) || d.What == "" || d.OK == (d.Kind != "") {
				t.Errorf("got %+v", d)
			}
			if strings.Contains(d.What+d.Advice, testKey) {
				t.Errorf("the diagnosis holds the key: %+v", d)
			}
		})
	}
	var log logged
	if d := newTestChat(t, nobody(t), &log, nil).Check(t.Context()); d.OK || d.Kind != KindUnreachable || !strings.Contains(d.Advice, "Start the server") {
		t.Errorf("no server: %+v", d)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, o := range map[string]ChatOptions{
		"no model":        {},
		"no scheme":       {Options: Options{Model: "m", BaseURL: "localhost:11434/v1"}},
		"password":        {Options: Options{Model: "m", BaseURL: "http://user:secret@localhost/v1"}},
		"query":           {Options: Options{Model: "m", BaseURL: "http://localhost/v1?key=secret"}},
		"not a URL":       {Options: Options{Model: "m", BaseURL: "http://[::1"}},
		"format":          {Options: Options{Model: "m"}, Format: "yaml"},
		"token parameter": {Options: Options{Model: "m"}, TokenParam: "tokens"},
	} {
		_, err := NewChat(o)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestKeyStaysHome holds that a redirect does not carry the key elsewhere.
func TestKeyStaysHome(t *testing.T) {
	var log logged
	other := openaitest.New(openaitest.Text(goodAnswer))
	away := start(t, other)
	s := openaitest.New(func(w http.ResponseWriter, _ openaitest.Request, _ <-chan struct{}) {
		w.Header().Set("Location", away+"/chat/completions")
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	c := newTestChat(t, start(t, s), &log, nil)
	_, err := ask(t.Context(), c)
	checkFailure(t, err, KindModel, &log)
	if n := len(other.Requests()); n != 0 {
		t.Errorf("the redirect was followed %d times", n)
	}
}
