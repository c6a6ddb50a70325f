package openaitest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

const prompt = "Question: How many buses did the town buy?\n\nBEGIN 0123\n" +
	`{"article":1,"outlet":"Example","date":"2021-01-05"}` + "\n" + `[2,"Rain fell."]` + "\n" +
	`[1,"The town bought four buses."]` + "\nEND 0123\n"

// post sends a chat call and returns status and body.
func post(t *testing.T, base string, body map[string]any) (int, string) {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(base+"/chat/completions", "application/json", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func ask(user string, stream bool) map[string]any {
	return map[string]any{"model": "scripted", "stream": stream, "messages": []any{map[string]string{"role": "user", "content": user}}}
}

func TestSelects(t *testing.T) {
	base, stop := New().Start()
	defer stop()
	status, body := post(t, base, ask(prompt, false))
	if status != 200 || !strings.Contains(body, `\"sentences\":[1]`) || strings.Contains(body, "Rain") {
		t.Errorf("got %d %s", status, body)
	}
	_, body = post(t, base, ask(strings.Replace(prompt, "buses did the town buy", "dragons", 1), false))
	if !strings.Contains(body, `\"verdict\":\"no\"`) {
		t.Errorf("got %s", body)
	}
	_, body = post(t, base, ask("Last question: And then?", false))
	if !strings.Contains(body, `\"question\":\"And then?\"`) {
		t.Errorf("got %s", body)
	}
}

func TestScript(t *testing.T) {
	s := New(Text("one"), RateLimit(7), Text("last"))
	s.Key = ""
	base, stop := s.Start()
	defer stop()
	for _, want := range []struct {
		status int
		text   string
	}{{200, "one"}, {429, "rate_limit"}, {200, "last"}, {200, "last"}} {
		if status, body := post(t, base, ask("x", false)); status != want.status || !strings.Contains(body, want.text) {
			t.Errorf("got %d %s, want %v", status, body, want)
		}
	}
	if n := len(s.Requests()); n != 4 {
		t.Errorf("%d requests were recorded", n)
	}
}

func TestStream(t *testing.T) {
	base, stop := New(Text("a long enough text to be cut")).Start()
	defer stop()
	_, body := post(t, base, ask("x", true))
	if strings.Count(body, "data: ") < 4 || !strings.HasSuffix(body, "data: [DONE]\n\n") || !strings.Contains(body, `"finish_reason":"stop"`) {
		t.Errorf("got %s", body)
	}
}

func TestKeyAndModels(t *testing.T) {
	s := New()
	s.Key, s.Models = "secret", []string{"alpha"}
	base, stop := s.Start()
	defer stop()
	if status, _ := post(t, base, ask("x", false)); status != 401 {
		t.Errorf("a call without the key got %d", status)
	}
	req, err := http.NewRequest(http.MethodGet, base+"/models", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer secret")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 || !strings.Contains(string(text), `"alpha"`) {
		t.Errorf("got %d %s", resp.StatusCode, text)
	}
}
