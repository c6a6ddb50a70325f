//go:build ignore

// Serve runs the scripted server on the loopback interface, so that model mode
// can be seen at work without a key:
//
//	go run internal/openai/openaitest/serve.go [-addr 127.0.0.1:8089] [-script selects] [-pause 500ms] [QUESTIONS...]
//
// with this in config.yaml:
//
//	model:
//	  name: scripted
//	  base_url: http://127.0.0.1:8089/v1
//
// With a pause the answer comes in parts, so that what a reader sees meanwhile
// can be seen. Other scripts show what a reader sees when a server fails:
// invents, mixes, html, hang, 429, 500, cut, breaks (after its first point),
// refuse.
//
// The scripts oracle, forgetful, overeager and sloppy stand for models of known
// quality. They read the evidence of files of questions, so that
// "verbatim eval FILES --mode model" measures what is around the model.
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"verbatim/internal/openai/openaitest"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8089", "loopback address to listen on")
	script := flag.String("script", "selects", "selects, oracle, forgetful, overeager, sloppy, invents, mixes, html, hang, 429, 500, cut, breaks or refuse")
	pause := flag.Duration("pause", 0, "pause before each part of a streamed answer")
	flag.Parse()
	if err := run(*addr, *script, *pause, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(addr, script string, pause time.Duration, questions []string) error {
	gold := openaitest.Gold{}
	for _, name := range questions {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		err = gold.Read(f)
		f.Close()
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	replies := map[string]openaitest.Reply{
		"selects": openaitest.Selects(),
		"invents": openaitest.Points(openaitest.Point{Text: "A total of 9,999 dragons crossed into Atlantis.", Sentences: []int{1}}),
		"mixes": openaitest.Obeys(func(_ string, s []openaitest.Sentence) []openaitest.Point {
			var points []openaitest.Point
			for i := range min(2, len(s)) {
				points = append(points, openaitest.Point{Text: s[i].Text, Sentences: []int{i + 1}},
					openaitest.Point{Text: "The other 9,999 flew to Atlantis.", Sentences: []int{1}})
			}
			return points
		}),
		"oracle":    openaitest.Oracle(gold),
		"forgetful": openaitest.Forgetful(gold),
		"overeager": openaitest.OverEager(gold),
		"sloppy":    openaitest.Sloppy(gold),

		"html":   openaitest.HTML(),
		"hang":   openaitest.Hang(),
		"429":    openaitest.RateLimit(30),
		"500":    openaitest.Status(500, "server_error", "The server had an error."),
		"cut":    openaitest.Cut(`{"verdict": "answered", "points": [{"text": "Half an`),
		"breaks": openaitest.Breaks(),
		"refuse": openaitest.Refusal("I cannot help with that."),
	}
	reply, ok := replies[script]
	if !ok {
		return fmt.Errorf("no script %q", script)
	}
	if pause > 0 {
		reply = openaitest.Slowly(pause, reply)
	}
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%q is not a loopback address", addr)
	}
	server := &http.Server{Addr: addr, Handler: openaitest.New(reply), ReadHeaderTimeout: 5 * time.Second}
	fmt.Printf("scripted model (%s): base_url http://%s/v1, name scripted\n", script, addr)
	return server.ListenAndServe()
}
