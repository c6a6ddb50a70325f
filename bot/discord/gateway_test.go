package discord

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"verbatim/bot/discordtest"
)

// connect runs a gateway until the test ends, and returns how it ended.
func connect(t *testing.T, srv *discordtest.Server, c *Client) (ended <-chan error) {
	t.Helper()
	g := &Gateway{Client: c, Intents: IntentsMessages, Log: slog.New(slog.DiscardHandler), Dial: srv.Dial, Handle: func(Event) {}}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- g.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		srv.Close()
	})
	return done
}

// times are when events of a kind came.
func times(srv *discordtest.Server, kind string) []time.Time {
	var out []time.Time
	for _, e := range srv.GatewayEvents() {
		if e.Kind == kind {
			out = append(out, e.Time)
		}
	}
	return out
}

// TestInvalidSessionIsNoLoop answers IDENTIFY by op 9 for an hour. Discord
// takes one IDENTIFY in five seconds, and resets a token after 1,000 a day.
func TestInvalidSessionIsNoLoop(t *testing.T) {
	bubble(t, discordtest.Options{}, func(t *testing.T, srv *discordtest.Server, c *Client) {
		for range 200 {
			srv.At(discordtest.OnIdentify, discordtest.InvalidSession(false))
		}
		connect(t, srv, c)
		time.Sleep(time.Hour)
		identified := times(srv, "identify")
		for i := range identified[1:] {
			if gap := identified[i+1].Sub(identified[i]); gap < 5*time.Second {
				t.Errorf("identified again after %v", gap)
			}
		}
		if n := len(identified); n > 1000/24 {
			t.Errorf("%d identifies in an hour", n)
		}
		if n := len(times(srv, "connect")); n != len(identified) {
			t.Errorf("%d identifies on %d connections", len(identified), n)
		}
	})
}

// TestNeverDeafForLong wants a live session within six seconds of each fault.
func TestNeverDeafForLong(t *testing.T) {
	for name, prepare := range map[string]func(*discordtest.Server){
		"op 7":                     func(srv *discordtest.Server) { srv.Do(discordtest.Reconnect()) },
		"cut":                      func(srv *discordtest.Server) { srv.Do(discordtest.Cut()) },
		"op 7 in answer to RESUME": resumeBy(discordtest.Reconnect()),
		"close 4009 on RESUME":     resumeBy(discordtest.CloseWith(4009, "Session timed out.")),
		"cut on RESUME":            resumeBy(discordtest.Cut()),
		"no Hello": func(srv *discordtest.Server) {
			srv.At(discordtest.BeforeHello, discordtest.Silence())
			srv.Do(discordtest.Cut())
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, discordtest.Options{}, func(t *testing.T, srv *discordtest.Server, c *Client) {
				connect(t, srv, c)
				time.Sleep(time.Minute)
				begin := time.Now()
				prepare(srv)
				_, err := srv.WaitGateway(within(t), "close", 1)
				check(t, err)
				check(t, srv.WaitConnected(within(t), 1))
				if took := time.Since(begin); took > 6*time.Second {
					t.Errorf("deaf for %v", took)
				}
			})
		})
	}
}

// resumeBy cuts the connection, and answers RESUME by an action.
func resumeBy(a discordtest.Action) func(*discordtest.Server) {
	return func(srv *discordtest.Server) {
		srv.At(discordtest.OnResume, a)
		srv.Do(discordtest.Cut())
	}
}

// TestRefusedResumeIdentifies gives up a session that cannot be resumed.
func TestRefusedResumeIdentifies(t *testing.T) {
	for name, action := range map[string]discordtest.Action{
		"op 7": discordtest.Reconnect(), "op 9": discordtest.InvalidSession(false), "op 9, resumable": discordtest.InvalidSession(true), "silence": discordtest.Silence(),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, discordtest.Options{}, func(t *testing.T, srv *discordtest.Server, c *Client) {
				connect(t, srv, c)
				check(t, srv.WaitConnected(within(t), 1))
				srv.At(discordtest.OnResume, action, action, action)
				srv.Do(discordtest.Cut())
				_, err := srv.WaitGateway(within(t), "ready", 2)
				check(t, err)
			})
		})
	}
}

// TestSilenceIsNoticed drops a connection on which one heartbeat is not
// acknowledged, so that Discord keeps the session.
func TestSilenceIsNoticed(t *testing.T) {
	bubble(t, discordtest.Options{}, func(t *testing.T, srv *discordtest.Server, c *Client) {
		connect(t, srv, c)
		check(t, srv.WaitConnected(within(t), 1))
		srv.WithholdAcks(true)
		time.Sleep(time.Minute)
		srv.WithholdAcks(false)
		if beats, resumed := len(times(srv, "heartbeat")), len(times(srv, "resumed")); beats == 0 || resumed == 0 {
			t.Errorf("after %d heartbeats without acknowledgment resumed %d times", beats, resumed)
		}
		if n := len(times(srv, "identify")); n != 1 {
			t.Errorf("%d sessions", n)
		}
	})
}

func TestFatalCloses(t *testing.T) {
	for code, want := range map[int]error{4004: ErrToken, 4010: ErrShards, 4011: ErrShards, 4012: ErrVersion, 4013: ErrIntents, 4014: ErrIntents} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			bubble(t, discordtest.Options{}, func(t *testing.T, srv *discordtest.Server, c *Client) {
				srv.At(discordtest.OnIdentify, discordtest.CloseWith(code, ""))
				if err := <-connect(t, srv, c); !errors.Is(err, want) {
					t.Errorf("ended with %v, want %v", err, want)
				}
			})
		})
	}
}

func TestPoisonousPacketsAreSurvived(t *testing.T) {
	for name, packet := range map[string]string{
		"null":                  `null`,
		"null and more":         `null {}`,
		"a list":                `[]`,
		"nothing":               ``,
		"READY without all":     `{"op":0,"s":5,"t":"READY"}`,
		"RESUMED unasked":       `{"op":0,"s":5,"t":"RESUMED","d":null}`,
		"unknown opcode":        `{"op":77,"d":{"x":[1]}}`,
		"Hello again":           `{"op":10,"d":{"heartbeat_interval":0}}`,
		"heartbeat asked for":   `{"op":1,"d":null}`,
		"event without a type":  `{"op":0,"s":5,"t":null,"d":{}}`,
		"wrong types":           `{"op":"0","s":"5","t":5,"d":{}}`,
		"op 9 of another shape": `{"op":9,"d":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, discordtest.Options{}, func(t *testing.T, srv *discordtest.Server, c *Client) {
				connect(t, srv, c)
				check(t, srv.WaitConnected(within(t), 1))
				srv.Do(discordtest.SendRaw([]byte(packet)))
				time.Sleep(3 * time.Minute)
				check(t, srv.WaitConnected(within(t), 1))
			})
		})
	}
}

func TestAnyHeartbeatIntervalIsBorne(t *testing.T) {
	for hello, want := range map[string]time.Duration{
		`{"heartbeat_interval":0}`: 41250 * time.Millisecond, `{"heartbeat_interval":-5}`: 41250 * time.Millisecond, `null`: 41250 * time.Millisecond, ``: 41250 * time.Millisecond,
		`{"heartbeat_interval":1e300}`: 41250 * time.Millisecond, `{"heartbeat_interval":9223372036854775807}`: 41250 * time.Millisecond,
		`{"heartbeat_interval":41250.5,"_trace":[]}`: 41250 * time.Millisecond, `{"heartbeat_interval":"41250"}`: 41250 * time.Millisecond,
		`{"heartbeat_interval":500}`: 500 * time.Millisecond,
	} {
		if got := heartbeatInterval(json.RawMessage(hello)); got != want {
			t.Errorf("%s: %v, want %v", hello, got, want)
		}
	}
}

func TestSocketURL(t *testing.T) {
	for in, want := range map[string]string{
		"wss://gateway.discord.gg":                                    "wss://gateway.discord.gg/?v=9&encoding=json",
		"ws://host:1/gateway/?v=9&encoding=json&compress=zlib-stream": "ws://host:1/gateway/?v=9&encoding=json",
		"ws://user:pass@host/gateway":                                 "ws://host/gateway?v=9&encoding=json",
	} {
		if got, err := socketURL(in); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "https://host", "://", "wss://"} {
		if got, err := socketURL(in); err == nil {
			t.Errorf("%q: %s", in, got)
		}
	}
}

func TestPlannedShards(t *testing.T) {
	bubble(t, discordtest.Options{Shards: 3}, func(t *testing.T, _ *discordtest.Server, c *Client) {
		for _, tt := range []struct {
			shards          Shards
			count, from, to int // to included; count 0 means refused
		}{
			{Shards{}, 3, 0, 2},
			{Shards{Count: 5}, 5, 0, 4},
			{Shards{Count: 5, To: 1}, 5, 0, 0},
			{Shards{Count: 5, From: 2}, 5, 2, 4},
			{Shards{Count: 5, From: 2, To: 4}, 5, 2, 3},
			{Shards{To: 1}, 3, 0, 0},
			{Shards{Count: 5, To: 6}, 0, 0, 0},
			{Shards{Count: 5, From: 5}, 0, 0, 0},
			{Shards{Count: 5, From: 3, To: 3}, 0, 0, 0},
			{Shards{Count: 5, From: -1, To: 2}, 0, 0, 0},
		} {
			g := &Gateway{Client: c, Shards: tt.shards, Log: slog.New(slog.DiscardHandler)}
			p, err := g.plan(t.Context())
			if (err != nil) != (tt.count == 0) || err == nil && (p.count != tt.count || p.from != tt.from || p.to != tt.to) {
				t.Errorf("%+v: %d to %d of %d, %v", tt.shards, p.from, p.to, p.count, err)
			}
		}
	})
}

// TestEachShardIdentifiesInItsTurn holds that shards of one bucket keep their
// distance and that others do not wait for them.
func TestEachShardIdentifiesInItsTurn(t *testing.T) {
	bubble(t, discordtest.Options{Shards: 6, MaxConcurrency: 2}, func(t *testing.T, srv *discordtest.Server, c *Client) {
		begin := time.Now()
		connect(t, srv, c)
		check(t, srv.WaitConnected(within(t), 6))
		if took := time.Since(begin); took != 2*identifyEvery {
			t.Errorf("6 shards in 2 buckets connect in %v, want %v", took, 2*identifyEvery)
		}
	})
}
