//go:build ignore

// Serve runs the scripted server on the loopback interface, so that model mode
// can be seen at work without a key:
//
//	go run internal/openai/openaitest/serve.go [-addr 127.0.0.1:8089] [-script selects]
//
// with this in config.yaml:
//
//	model:
//	  name: scripted
//	  base_url: http://127.0.0.1:8089/v1
//
// Other scripts show what a reader sees when a server fails: invents, html,
// hang, 429, 500, cut, refuse.
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
	script := flag.String("script", "selects", "selects, invents, html, hang, 429, 500, cut or refuse")
	flag.Parse()
	if err := run(*addr, *script); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(addr, script string) error {
	replies := map[string]openaitest.Reply{
		"selects": openaitest.Selects(),
		"invents": openaitest.Points(openaitest.Point{Text: "A total of 9,999 dragons crossed into Atlantis.", Sentences: []int{1}}),
		"html":    openaitest.HTML(),
		"hang":    openaitest.Hang(),
		"429":     openaitest.RateLimit(30),
		"500":     openaitest.Status(500, "server_error", "The server had an error."),
		"cut":     openaitest.Cut(`{"answers": true, "points": [{"text": "Half an`),
		"refuse":  openaitest.Refusal("I cannot help with that."),
	}
	reply, ok := replies[script]
	if !ok {
		return fmt.Errorf("no script %q", script)
	}
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%q is not a loopback address", addr)
	}
	server := &http.Server{Addr: addr, Handler: openaitest.New(reply), ReadHeaderTimeout: 5 * time.Second}
	fmt.Printf("scripted model (%s): base_url http://%s/v1, name scripted\n", script, addr)
	return server.ListenAndServe()
}
