package discord

import (
	"slices"
	"strconv"
)

// Permission bits that the bot needs, as Discord numbers them.
const (
	PermAdministrator = 1 << 3
	PermManageServer  = 1 << 5
	PermViewChannel   = 1 << 10
	PermSend          = 1 << 11
	PermEmbedLinks    = 1 << 14
	PermAttach        = 1 << 15
	PermHistory       = 1 << 16
	PermThreads       = 1 << 35
	PermSendInThreads = 1 << 38

	// WantedPermissions are asked for by the invite.
	WantedPermissions = PermViewChannel | PermSend | PermEmbedLinks | PermAttach | PermHistory | PermThreads | PermSendInThreads
)

const (
	ChannelText  = 0
	ChannelNews  = 5
	ChannelForum = 15
)

// permissionNames are as Discord's settings show them.
func permissionNames() []struct {
	bit  uint64
	name string
} {
	return []struct {
		bit  uint64
		name string
	}{
		{PermViewChannel, "View Channel"}, {PermSend, "Send Messages"}, {PermSendInThreads, "Send Messages in Threads"},
		{PermThreads, "Create Public Threads"}, {PermEmbedLinks, "Embed Links"}, {PermAttach, "Attach Files"}, {PermHistory, "Read Message History"},
	}
}

// MissingPermissions names the permissions that the bot needs and that are not
// in bits.
func MissingPermissions(bits uint64) []string {
	if bits&PermAdministrator != 0 {
		return nil
	}
	return PermissionNames(^bits)
}

// PermissionNames names those of bits that the bot needs, as Discord's settings
// show them.
func PermissionNames(bits uint64) []string {
	var out []string
	for _, p := range permissionNames() {
		if bits&p.bit != 0 {
			out = append(out, p.name)
		}
	}
	return out
}

// Permissions reads a decimal bit set; ok is false if there is none.
func Permissions(s Digits) (bits uint64, ok bool) {
	bits, err := strconv.ParseUint(string(s), 10, 64)
	return bits, err == nil
}

// Can computes the permissions of a member in a channel. See
// https://discord.com/developers/docs/topics/permissions#permission-overwrites.
func (g *Guild) Can(user string, c *GuildChannel) uint64 {
	held := []string{g.ID} // the role of everybody
	for _, m := range g.Members {
		if m.User != nil && m.User.ID == user {
			held = append(held, m.Roles...)
		}
	}
	var bits uint64
	for _, role := range g.Roles {
		if slices.Contains(held, role.ID) {
			p, _ := Permissions(role.Permissions)
			bits |= p
		}
	}
	if bits&PermAdministrator != 0 || user == g.OwnerID {
		return ^uint64(0)
	}
	apply := func(match func(o overwrite) bool) {
		var allow, deny uint64
		for _, o := range c.Overwrites {
			if match(o) {
				a, _ := Permissions(o.Allow)
				d, _ := Permissions(o.Deny)
				allow, deny = allow|a, deny|d
			}
		}
		bits = bits&^deny | allow
	}
	apply(func(o overwrite) bool { return o.ID == g.ID })
	apply(func(o overwrite) bool { return o.Type == 0 && o.ID != g.ID && slices.Contains(held, o.ID) })
	apply(func(o overwrite) bool { return o.Type == 1 && o.ID == user })
	return bits
}

// ShardOf returns which of so many shards serves a server, or -1 for what is not
// the id of one. See
// https://discord.com/developers/docs/events/gateway#sharding-sharding-formula.
func ShardOf(server string, shards int) int {
	id, err := strconv.ParseUint(server, 10, 64)
	if err != nil || shards <= 0 {
		return -1
	}
	return int((id >> 22) % uint64(shards))
}
