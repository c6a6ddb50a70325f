package openai

import (
	"encoding/json"
	"net/http"
	"strconv"
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
		"parts, streamed":     openaitest.Body(200, "text/event-stream", "data: "+parts("delta")+"\n\ndata: [DONE]\n\n"),
		"ended by its token":  openaitest.Finish(goodAnswer, "eos_token"),
		"ended by its turn":   openaitest.Finish(goodAnswer, "end_turn"),
		"kept alive":          openaitest.KeepAlive(5000, goodAnswer),
		"kept silent at end":  openaitest.Midway("", "data: "+chunk(goodAnswer)+"\n\n"),
		"tried again":         openaitest.Text(goodAnswer),
		"without data prefix": openaitest.Body(200, "text/event-stream", "data:"+chunk(goodAnswer)+"\r\n\r\ndata:[DONE]\r\n\r\n"),
	} {
		for _, whole := range []bool{false, true} {
			if whole && name == "parts, streamed" {
				reply = openaitest.Body(200, "application/json", parts("message"))
			}
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

// parts is an answer whose content is a list, the thinking first.
func parts(name string) string {
	content := []any{
		map[string]any{"type": "thinking", "thinking": []any{map[string]any{"type": "text", "text": "four, or {}"}}},
		map[string]any{"type": "text", "text": goodAnswer[:20]}, map[string]any{"type": "text", "text": goodAnswer[20:]},
	}
	b, err := json.Marshal(map[string]any{"choices": []any{map[string]any{"index": 0, name: map[string]any{"role": "assistant", "content": content}, "finish_reason": "stop"}}})
	if err != nil {
		panic(err)
	}
	return string(b)
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

// TestSmallContext holds that a server whose context has less room than
// max_tokens is asked for what fits, in this call alone.
func TestSmallContext(t *testing.T) {
	for _, message := range []string{
		"This model's maximum context length is 2048 tokens. However, you requested 2700 tokens (1500 in the messages, 1200 in the completion).",
		"'max_tokens' is too large: 1200. This model's maximum context length is 2048 tokens and your request has 1500 input tokens (1200 > 2048 - 1500).",
	} {
		var log logged
		s := openaitest.New(openaitest.Status(400, "BadRequestError", message), openaitest.Text(goodAnswer))
		c := newTestChat(t, start(t, s), &log, nil)
		for range 2 {
			if _, err := ask(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		var sent []string
		for _, r := range s.Requests() {
			var body struct {
				MaxTokens int `json:"max_tokens"`
			}
			if err := json.Unmarshal(r.Body, &body); err != nil {
				t.Fatal(err)
			}
			sent = append(sent, strconv.Itoa(body.MaxTokens))
		}
		if got := strings.Join(sent, " "); got != "1200 532 1200" {
			t.Errorf("asked for %s tokens", got)
		}
	}
}

// TestExtraBody holds that the operator's own fields are sent and win, but
// cannot change what is asked.
func TestExtraBody(t *testing.T) {
	var log logged
	s := openaitest.New(openaitest.Text(goodAnswer))
	c := newTestChat(t, start(t, s), &log, func(o *ChatOptions) {
		o.ExtraBody = map[string]any{"keep_alive": "1h", "temperature": .5, "messages": []any{}, "chat_template_kwargs": map[string]any{"enable_thinking": false}}
	})
	if _, err := ask(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := s.Requests()[0]
	for _, want := range []string{`"keep_alive":"1h"`, `"temperature":0.5`, `"chat_template_kwargs":{"enable_thinking":false}`} {
		if !strings.Contains(string(r.Body), want) {
			t.Errorf("%s is not sent: %s", want, r.Body)
		}
	}
	if len(r.Messages) != 2 {
		t.Errorf("sent %d messages", len(r.Messages))
	}
}

// kept is a Learned in memory.
type kept map[string][]byte

func (k kept) Get(key string) []byte        { return k[key] }
func (k kept) Put(key string, value []byte) { k[key] = value }

// TestLearnedIsKept holds that another run knows what one has learnt, unless
// the configuration has changed.
func TestLearnedIsKept(t *testing.T) {
	memory := kept{}
	refused := openaitest.Status(400, "", "Unsupported value: 'temperature' does not support 0 with this model.")
	base := start(t, openaitest.New(refused, openaitest.Text(goodAnswer), openaitest.Text(goodAnswer), refused, openaitest.Text(goodAnswer)))
	for i, tt := range []struct {
		temperature float64
		calls       int
	}{{0, 2}, {0, 1}, {.2, 2}} {
		var log logged
		c := newTestChat(t, base, &log, func(o *ChatOptions) { o.Learned, o.Temperature = memory, tt.temperature })
		if _, err := ask(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(log.String(), "tried without") + 1; n != tt.calls {
			t.Errorf("run %d: %d calls, want %d", i, n, tt.calls)
		}
	}
	memory2 := kept{}
	for k := range memory {
		memory2[k] = []byte("{broken")
	}
	var log logged
	newTestChat(t, base, &log, func(o *ChatOptions) { o.Learned = memory2 })
}

// TestModelIsLoading holds that a server that is still loading its model is
// waited for, beyond the number of retries.
func TestModelIsLoading(t *testing.T) {
	var log logged
	busy := openaitest.Body(503, "application/json", `{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}`)
	s := openaitest.New(busy, busy, busy, busy, busy, openaitest.Text(goodAnswer))
	if _, err := ask(t.Context(), newTestChat(t, start(t, s), &log, nil)); err != nil || len(s.Requests()) != 6 {
		t.Errorf("%v after %d calls", err, len(s.Requests()))
	}
}

// TestCutPromptIsReported holds that a server that has read much less than was
// sent is reported.
func TestCutPromptIsReported(t *testing.T) {
	for read, want := range map[int]bool{300: true, 2000: false, 0: false} {
		var log logged
		body := strings.Replace(`{"choices":[{"index":0,"finish_reason":"eos_token","message":{"role":"assistant","content":GOOD}}],"usage":{"prompt_tokens":READ,"completion_tokens":9}}`, "READ", strconv.Itoa(read), 1)
		good, err := json.Marshal(goodAnswer)
		if err != nil {
			t.Fatal(err)
		}
		s := openaitest.New(openaitest.Body(200, "application/json", strings.Replace(body, "GOOD", string(good), 1)))
		if _, err := ask(t.Context(), newTestChat(t, start(t, s), &log, func(o *ChatOptions) { o.NoStream = true })); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(log.String(), "seems to cut the prompt"); got != want {
			t.Errorf("%d tokens read: reported %v", read, got)
		}
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
	if body.Temperature == nil || *body.Temperature != 0 || !strings.Contains(string(r.Body), `"temperature":0,`) && !strings.Contains(string(r.Body), `"temperature":0}`) {
		t.Errorf("temperature 0 is not sent as 0: %s", r.Body)
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
		{"system role", "scripted", []openaitest.Reply{bad("System role not supported")},
			func(r openaitest.Request) bool {
				return len(r.Messages) == 1 && r.Messages[0].Role == "user" && strings.Contains(r.User(), "You answer a question") && strings.Contains(r.User(), "Question:")
			}, 2},
		{"a stream for the verified", "scripted", []openaitest.Reply{bad("Your organization must be verified to stream this model.")},
			func(r openaitest.Request) bool { return !r.Stream }, 2},
		{"thinking beyond the limit", "scripted", []openaitest.Reply{openaitest.Finish("<think>four buses, or", "length")},
			func(r openaitest.Request) bool { return strings.Contains(string(r.Body), `"max_tokens":4800`) }, 2},
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
			d := chat.Check(t.Context(), false)
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
	if d := newTestChat(t, nobody(t), &log, nil).Check(t.Context(), false); d.OK || d.Kind != KindUnreachable || !strings.Contains(d.Advice, "Start the server") {
		t.Errorf("no server: %+v", d)
	}
}

// TestCheckFindsACutPrompt holds that a server on this machine that reads only
// the end of a full prompt is found out, though it answers.
func TestCheckFindsACutPrompt(t *testing.T) {
	for _, c := range []struct{ read, cut int }{{2048, 1}, {3900, 0}} {
		var log logged
		s := openaitest.New(openaitest.Text(goodAnswer), openaitest.Body(200, "text/event-stream",
			"data: "+chunk(goodAnswer)+"\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":"+strconv.Itoa(c.read)+",\"completion_tokens\":9}}\n\ndata: [DONE]\n\n"))
		d := newTestChat(t, start(t, s), &log, nil).Check(t.Context(), false)
		if d.OK == (c.cut == 1) || strings.Count(d.What, "cuts the prompt") != c.cut || (d.Advice != "") != (c.cut == 1) || len(s.Requests()) != 2 {
			t.Errorf("%d tokens read: %+v after %d calls", c.read, d, len(s.Requests()))
		}
		if n := len(s.Requests()[1].User()); n < 5000 {
			t.Errorf("the full prompt has %d bytes", n)
		}
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
