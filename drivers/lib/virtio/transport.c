// SPDX-License-Identifier: MIT
/*
 * What is the same of both interfaces.
 */
#include "drivers/lib/virtio/transport.h"

const struct transport *transport_find(void) {
    if (transport_legacy.find())
        return &transport_legacy;
    return transport_modern.find() ? &transport_modern : 0;
}

bool transport_negotiate(const struct transport *transport, uint64_t wanted, uint64_t *features) {
    transport->set_status(DEVICE_ACKNOWLEDGE);
    transport->set_status(DEVICE_ACKNOWLEDGE | DEVICE_DRIVER);
    *features = transport->features() & (wanted | FEATURE_VERSION_1 | FEATURE_ACCESS_PLATFORM);
    transport->accept_features(*features);
    if (!(*features & FEATURE_VERSION_1))
        return true;
    transport->set_status(DEVICE_ACKNOWLEDGE | DEVICE_DRIVER | DEVICE_FEATURES_OK);
    return transport->status() & DEVICE_FEATURES_OK;
}

void transport_begin(const struct transport *transport, uint64_t features) {
    uint8_t accepted = features & FEATURE_VERSION_1 ? DEVICE_FEATURES_OK : 0;
    transport->set_status(DEVICE_ACKNOWLEDGE | DEVICE_DRIVER | DEVICE_DRIVER_OK | accepted);
}
