package bot

import (
	"bytes"
	"compress/zlib"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"verbatim/bot/discordtest"
)

// TestPoisonousPacketsAreSurvived sends what makes discordgo v0.29.0 panic in
// a goroutine of its own, which would end this test's process.
func TestPoisonousPacketsAreSurvived(t *testing.T) {
	for name, packet := range map[string]string{
		"null":                    `null`,
		"null and more":           `null {}`,
		"a list":                  `[]`,
		"nothing":                 ``,
		"server without itself":   `{"op":0,"s":5,"t":"GUILD_CREATE","d":null}`,
		"server with null inside": `{"op":0,"s":5,"t":"GUILD_CREATE","d":{"id":"9","channels":[null],"members":[null],"roles":[null],"threads":[null],"voice_states":[null]}}`,
		"voice state of nobody":   `{"op":0,"s":5,"t":"VOICE_STATE_UPDATE","d":null}`,
		"READY with null":         `{"op":0,"s":5,"t":"READY","d":{"session_id":"s","user":null,"guilds":[null],"application":null}}`,
		"READY without all":       `{"op":0,"s":5,"t":"READY"}`,
		"message without itself":  `{"op":0,"s":5,"t":"MESSAGE_CREATE","d":null}`,
		"interaction of nobody":   `{"op":0,"s":5,"t":"INTERACTION_CREATE","d":{"id":"1","token":"x","type":2,"data":null,"member":null}}`,
		"unknown opcode":          `{"op":77,"d":{"x":[1]}}`,
		"Hello again":             `{"op":10,"d":{"heartbeat_interval":0}}`,
		"heartbeat asked for":     `{"op":1,"d":null}`,
		"event without a type":    `{"op":0,"s":5,"t":null,"d":{}}`,
		"wrong types":             `{"op":"0","s":"5","t":5,"d":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, fastIdentify(), impatient)
			w.srv.Do(discordtest.SendRaw([]byte(packet)))
			w.answers()
		})
	}
}

func TestAnyHeartbeatIntervalIsBorne(t *testing.T) {
	for _, hello := range []string{
		`{"op":10,"d":{"heartbeat_interval":0}}`, `{"op":10,"d":{"heartbeat_interval":-5}}`, `{"op":10,"d":null}`, `{"op":10}`,
		`{"op":10,"d":{"heartbeat_interval":1e300}}`, `{"op":10,"d":{"heartbeat_interval":9223372036854775807}}`,
		`{"op":10,"d":{"heartbeat_interval":41250.5,"_trace":[]}}`, `{"op":10,"d":{"heartbeat_interval":"41250"}}`,
		`{"op":10,"d":{"heartbeat_interval":500}}`,
	} {
		t.Run(hello, func(t *testing.T) {
			var out bytes.Buffer
			server, client := net.Pipe()
			go func() {
				io.WriteString(server, "HTTP/1.1 101 Switching Protocols\r\n\r\n")
				server.Write(append([]byte{0x81, byte(len(hello))}, hello...))
				server.Close()
			}()
			io.Copy(&out, &packets{Conn: client, log: slog.New(slog.DiscardHandler)})
			_, frame, _ := strings.Cut(out.String(), "\r\n\r\n")
			var e struct {
				Op int
				D  struct {
					Interval int64 `json:"heartbeat_interval"`
				}
			}
			check(t, json.Unmarshal([]byte(frame[2:]), &e))
			if e.Op != 10 || e.D.Interval < minInterval || e.D.Interval > maxInterval {
				t.Errorf("discordgo is told %s", frame[2:])
			}
		})
	}
}

// TestFramesInPieces sends one packet in every division into fragments and
// into reads, compressed or not, with a ping in between.
func TestFramesInPieces(t *testing.T) {
	text := []byte(`{"op":0,"s":3,"t":"MESSAGE_CREATE","d":{"content":"` + strings.Repeat("é<&", 100) + `"}}`)
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write(text)
	z.Close()
	frame := func(first byte, data []byte) []byte {
		p := &packets{}
		p.frameOut(data)
		p.out[0] = first
		return p.out
	}
	for name, stream := range map[string][]byte{
		"whole":      frame(0x81, text),
		"compressed": frame(0x82, packed.Bytes()),
		"fragments": bytes.Join([][]byte{frame(0x01, text[:7]), frame(0x89, []byte("ping")), frame(0x00, nil), frame(0x00, text[7:200]),
			frame(0x80, text[200:])}, nil),
	} {
		for size := range 9 {
			p := &packets{log: slog.New(slog.DiscardHandler), open: true}
			for rest := stream; len(rest) > 0; {
				n := min(size*size*size+1, len(rest))
				p.in, rest = append(p.in, rest[:n]...), rest[n:]
				check(t, p.sift())
			}
			got := bytes.TrimPrefix(p.out, []byte("\x89\x04ping"))
			var e discordgo.Event
			if len(got) < 4 || json.Unmarshal(got[4:], &e) != nil || e.Type != unread+"MESSAGE_CREATE" || e.Sequence != 3 ||
				!strings.Contains(string(got), "é") {
				t.Fatalf("%s in reads of %d: %q", name, size, got)
			}
		}
	}
	for name, stream := range map[string][]byte{
		"masked": {0x81, 0x84, 0, 0, 0, 0, 'n', 'u', 'l', 'l'}, "extended": {0xC1, 2, '{', '}'},
		"endless": {0x81, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, "no zlib": frame(0x82, text), "no JSON": frame(0x81, []byte("{")),
	} {
		if err := (&packets{log: slog.New(slog.DiscardHandler), open: true, in: stream}).sift(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestGatewayAddresses has the gateway named in ways that discordgo cannot
// follow by itself.
func TestGatewayAddresses(t *testing.T) {
	for name, change := range map[string]func(address string) (status int, body string){
		"with a query": func(a string) (int, string) {
			return 200, `{"url":"` + a + `/?v=9&encoding=json&compress=zlib-stream"}`
		},
		"no route":        func(string) (int, string) { return 404, `{"code":0,"message":"404: Not Found"}` },
		"a page":          func(string) (int, string) { return 200, `<html>` },
		"without a slash": func(a string) (int, string) { return 200, `{"url":"` + a + `"}` },
		"with a user name": func(a string) (int, string) {
			return 200, `{"url":"` + strings.Replace(a, "//", "//user:pass@", 1) + `"}`
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var srv *discordtest.Server
			w := launch(t, fastIdentify(), func(o *Options) {
				impatient(o)
				o.Transport = rewriting{base: http.DefaultTransport, change: func(path string) (int, string, bool) {
					if !strings.HasSuffix(path, "/gateway") {
						return 0, "", false
					}
					status, body := change(strings.Replace(srv.URL(), "http:", "ws:", 1) + "/gateway")
					return status, body, true
				}}
			}, func(s *discordtest.Server) { srv = s })
			w.answers()
		})
	}
}

// TestGatewayBehindTLS puts a server with a certificate before the fake one.
func TestGatewayBehindTLS(t *testing.T) {
	t.Parallel()
	front := httptest.NewTLSServer(nil) // for its certificate
	front.Close()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: front.TLS.Certificates})
	check(t, err)
	t.Cleanup(func() { listener.Close() })
	var srv *discordtest.Server
	w := launch(t, fastIdentify(), func(o *Options) {
		impatient(o)
		o.roots = x509.NewCertPool()
		o.roots.AddCert(front.Certificate())
		o.Transport = rewriting{base: http.DefaultTransport, change: func(path string) (int, string, bool) {
			return 200, `{"url":"wss://` + listener.Addr().String() + `/gateway"}`, strings.HasSuffix(path, "/gateway")
		}}
	}, func(s *discordtest.Server) {
		srv = s
		go forward(listener, strings.TrimPrefix(srv.URL(), "http://"))
	})
	w.answers()
}

// forward hands connections on to address until listener is closed.
func forward(listener net.Listener, address string) {
	for {
		from, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer from.Close()
			to, err := net.Dial("tcp", address)
			if err != nil {
				return
			}
			defer to.Close()
			go io.Copy(to, from)
			io.Copy(from, to)
		}()
	}
}

// rewriting answers some requests by itself.
type rewriting struct {
	base   http.RoundTripper
	change func(path string) (status int, body string, mine bool)
}

func (t rewriting) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body, mine := t.change(r.URL.Path)
	if !mine {
		return t.base.RoundTrip(r)
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// FuzzPackets holds that discordgo is given nothing but whole packets, none of
// which it reads the data of.
func FuzzPackets(f *testing.F) {
	for _, text := range []string{`null`, `{"op":10,"d":{"heartbeat_interval":0}}`, `{"op":0,"s":1,"t":"READY","d":{"session_id":"x","guilds":[null]}}`,
		`{"op":0,"s":1,"t":"GUILD_CREATE","d":null}`, `{"op":9,"d":false}`} {
		p := &packets{}
		p.frameOut([]byte(text))
		f.Add(p.out, 3)
	}
	f.Add([]byte("\x01\x02{}\x89\x00\x80\x00\x88\x02\x0f\xa4"), 1)
	f.Fuzz(func(t *testing.T, stream []byte, size int) {
		p := &packets{log: slog.New(slog.DiscardHandler), open: true, hello: true}
		size = max(1, size%64)
		for rest := stream; len(rest) > 0; {
			n := min(size, len(rest))
			p.in, rest = append(p.in, rest[:n]...), rest[n:]
			if p.sift() != nil {
				break
			}
		}
		again := &packets{log: slog.New(slog.DiscardHandler), open: true, hello: true, in: p.out}
		if err := again.sift(); err != nil || len(again.in) > 0 {
			t.Fatalf("what came out is no stream of frames: %v, %d bytes left", err, len(again.in))
		}
		for rest := p.out; len(rest) > 0; {
			q := &packets{log: p.log, in: rest}
			n, err := q.frame()
			if n == 0 || err != nil {
				t.Fatalf("frame: %d, %v", n, err)
			}
			if rest[0]&0x0f == frameText {
				text := rest[n-frameLength(rest, n) : n]
				var e *discordgo.Event
				if json.Unmarshal(text, &e) != nil || e == nil {
					t.Fatalf("discordgo is given %q", text)
				}
				if e.Operation == 0 && !strings.HasPrefix(e.Type, unread) && e.Type != "READY" && e.Type != "RESUMED" {
					t.Fatalf("discordgo reads %s", e.Type)
				}
			}
			rest = rest[n:]
		}
	})
}

// frameLength is how many of the n bytes of the first frame are its data.
func frameLength(frame []byte, n int) int {
	switch frame[1] {
	case 126:
		return n - 4
	case 127:
		return n - 10
	}
	return n - 2
}

// TestEventsBehindAProxy holds that events are read with packets and, behind a
// proxy, where discordgo speaks TLS itself, without.
func TestEventsBehindAProxy(t *testing.T) {
	var got []string
	s := &shard{log: slog.New(slog.DiscardHandler), handle: func(e event) { got = append(got, e.kind) }}
	for _, sifted := range []bool{true, false} {
		l := &link{sifted: sifted}
		s.received(l, &discordgo.Event{Type: "READY"})
		if l.ready.Load() == sifted {
			t.Errorf("with packets %v, READY for discordgo alone made the link ready: %v", sifted, l.ready.Load())
		}
		s.received(l, &discordgo.Event{Type: unread + "READY"})
		s.received(l, &discordgo.Event{Type: unread + "MESSAGE_CREATE"})
	}
	if want := "READY MESSAGE_CREATE READY READY MESSAGE_CREATE"; strings.Join(got, " ") != want {
		t.Errorf("handled %v, want %s", got, want)
	}
	l := &link{}
	for address, want := range map[string]string{
		"wss://127.0.0.1:8443/?v=9": "ws://127.0.0.1:8443/", "ws://localhost": "ws://localhost", "wss://u:p@[::1]/x#y": "ws://[::1]/x", "https://127.0.0.1": "", "": "",
	} {
		if plain, err := l.target(address); plain != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", address, plain, err)
		}
	}
}
