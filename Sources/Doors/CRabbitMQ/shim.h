// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <sys/time.h>

// What Swift can't call or see: variadic functions, and constants that are casts.

static const amqp_method_number_t bus_basic_ack = AMQP_BASIC_ACK_METHOD;
static const amqp_method_number_t bus_basic_nack = AMQP_BASIC_NACK_METHOD;
static const amqp_method_number_t bus_basic_return = AMQP_BASIC_RETURN_METHOD;
static const amqp_method_number_t bus_basic_cancel = AMQP_BASIC_CANCEL_METHOD;
static const amqp_method_number_t bus_channel_close = AMQP_CHANNEL_CLOSE_METHOD;
static const amqp_method_number_t bus_connection_close = AMQP_CONNECTION_CLOSE_METHOD;

static const int bus_most_channels = AMQP_DEFAULT_MAX_CHANNELS;
static const int bus_frame_size = AMQP_DEFAULT_FRAME_SIZE;

static inline amqp_rpc_reply_t bus_login_plain(
    amqp_connection_state_t state, const char *vhost, int heartbeat, const amqp_table_t *properties,
    const char *user, const char *password)
{
    return amqp_login_with_properties(
        state, vhost, bus_most_channels, bus_frame_size, heartbeat, properties, AMQP_SASL_METHOD_PLAIN, user, password);
}

static inline amqp_rpc_reply_t bus_login_external(
    amqp_connection_state_t state, const char *vhost, int heartbeat, const amqp_table_t *properties,
    const char *identity)
{
    return amqp_login_with_properties(
        state, vhost, bus_most_channels, bus_frame_size, heartbeat, properties, AMQP_SASL_METHOD_EXTERNAL, identity);
}

// A channel that the broker closed is ours again after this.
static inline int bus_confirm_channel_close(amqp_connection_state_t state, amqp_channel_t channel)
{
    amqp_channel_close_ok_t ok = { 0 };
    return amqp_send_method(state, channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok);
}
