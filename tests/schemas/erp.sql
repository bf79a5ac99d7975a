-- A trading company's database: 60 tables, made up for the drawing of diagrams.

CREATE TABLE countries (code TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE currencies (code TEXT PRIMARY KEY, name TEXT NOT NULL, digits INTEGER NOT NULL DEFAULT 2);
CREATE TABLE addresses (
    id INTEGER PRIMARY KEY, street TEXT NOT NULL, postal_code TEXT, city TEXT NOT NULL,
    country_code TEXT NOT NULL REFERENCES countries (code));
CREATE TABLE companies (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, vat_number TEXT UNIQUE,
    address_id INTEGER NOT NULL REFERENCES addresses (id),
    currency_code TEXT NOT NULL REFERENCES currencies (code));

CREATE TABLE departments (
    id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL REFERENCES companies (id),
    parent_id INTEGER REFERENCES departments (id), name TEXT NOT NULL,
    head_id INTEGER REFERENCES employees (id));
CREATE TABLE employees (
    id INTEGER PRIMARY KEY, department_id INTEGER NOT NULL REFERENCES departments (id),
    manager_id INTEGER REFERENCES employees (id), first_name TEXT NOT NULL, last_name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE, hired_on TEXT NOT NULL, left_on TEXT);
CREATE TABLE users (
    id INTEGER PRIMARY KEY, employee_id INTEGER UNIQUE REFERENCES employees (id),
    login TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL, disabled_at TEXT);
CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE permissions (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, description TEXT);
CREATE TABLE role_permissions (
    role_id INTEGER NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    permission_id INTEGER NOT NULL REFERENCES permissions (id) ON DELETE CASCADE,
    PRIMARY KEY (role_id, permission_id));
CREATE TABLE user_roles (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id INTEGER NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id));
CREATE TABLE sessions (
    id TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL, expires_at TEXT NOT NULL);
CREATE TABLE timesheets (
    id INTEGER PRIMARY KEY, employee_id INTEGER NOT NULL REFERENCES employees (id),
    day TEXT NOT NULL, minutes INTEGER NOT NULL, UNIQUE (employee_id, day));
CREATE TABLE leave_requests (
    id INTEGER PRIMARY KEY, employee_id INTEGER NOT NULL REFERENCES employees (id),
    approved_by INTEGER REFERENCES employees (id), first_day TEXT NOT NULL, last_day TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open');

CREATE TABLE categories (
    id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES categories (id), name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE);
CREATE TABLE brands (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, website TEXT);
CREATE TABLE units (code TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE tax_rates (id INTEGER PRIMARY KEY, country_code TEXT NOT NULL REFERENCES countries (code),
    name TEXT NOT NULL, percent NUMERIC NOT NULL, UNIQUE (country_code, name));
CREATE TABLE products (
    id INTEGER PRIMARY KEY, sku TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT,
    category_id INTEGER NOT NULL REFERENCES categories (id), brand_id INTEGER REFERENCES brands (id),
    unit_code TEXT NOT NULL REFERENCES units (code),
    tax_rate_id INTEGER NOT NULL REFERENCES tax_rates (id),
    created_at TEXT NOT NULL, discontinued_at TEXT);
CREATE TABLE product_variants (
    id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    sku TEXT NOT NULL UNIQUE, name TEXT NOT NULL, weight_g INTEGER, barcode TEXT UNIQUE);
CREATE TABLE product_images (
    id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    position INTEGER NOT NULL, url TEXT NOT NULL, UNIQUE (product_id, position));
CREATE TABLE attributes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL);
CREATE TABLE variant_attributes (
    variant_id INTEGER NOT NULL REFERENCES product_variants (id) ON DELETE CASCADE,
    attribute_id INTEGER NOT NULL REFERENCES attributes (id), value TEXT NOT NULL,
    PRIMARY KEY (variant_id, attribute_id)) WITHOUT ROWID;
CREATE TABLE price_lists (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL,
    currency_code TEXT NOT NULL REFERENCES currencies (code), valid_from TEXT NOT NULL, valid_to TEXT);
CREATE TABLE prices (
    price_list_id INTEGER NOT NULL REFERENCES price_lists (id) ON DELETE CASCADE,
    variant_id INTEGER NOT NULL REFERENCES product_variants (id), amount NUMERIC NOT NULL,
    PRIMARY KEY (price_list_id, variant_id));
CREATE TABLE product_reviews (
    id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    customer_id INTEGER NOT NULL REFERENCES customers (id), stars INTEGER NOT NULL, body TEXT);

CREATE TABLE warehouses (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    address_id INTEGER NOT NULL REFERENCES addresses (id));
CREATE TABLE locations (
    id INTEGER PRIMARY KEY, warehouse_id INTEGER NOT NULL REFERENCES warehouses (id),
    aisle TEXT NOT NULL, shelf TEXT NOT NULL, UNIQUE (warehouse_id, aisle, shelf));
CREATE TABLE stock (
    location_id INTEGER NOT NULL REFERENCES locations (id),
    variant_id INTEGER NOT NULL REFERENCES product_variants (id), quantity NUMERIC NOT NULL,
    PRIMARY KEY (location_id, variant_id));
CREATE TABLE stock_movements (
    id INTEGER PRIMARY KEY, variant_id INTEGER NOT NULL REFERENCES product_variants (id),
    from_location_id INTEGER REFERENCES locations (id), to_location_id INTEGER REFERENCES locations (id),
    quantity NUMERIC NOT NULL, moved_by INTEGER NOT NULL REFERENCES employees (id), moved_at TEXT NOT NULL);
CREATE TABLE inventories (
    id INTEGER PRIMARY KEY, warehouse_id INTEGER NOT NULL REFERENCES warehouses (id),
    started_at TEXT NOT NULL, finished_at TEXT);
CREATE TABLE inventory_counts (
    inventory_id INTEGER NOT NULL REFERENCES inventories (id) ON DELETE CASCADE,
    location_id INTEGER NOT NULL, variant_id INTEGER NOT NULL, counted NUMERIC NOT NULL,
    PRIMARY KEY (inventory_id, location_id, variant_id),
    FOREIGN KEY (location_id, variant_id) REFERENCES stock (location_id, variant_id));

CREATE TABLE suppliers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, vat_number TEXT UNIQUE,
    address_id INTEGER REFERENCES addresses (id), payment_term_id INTEGER REFERENCES payment_terms (id));
CREATE TABLE supplier_contacts (
    id INTEGER PRIMARY KEY, supplier_id INTEGER NOT NULL REFERENCES suppliers (id) ON DELETE CASCADE,
    name TEXT NOT NULL, email TEXT, phone TEXT);
CREATE TABLE supplier_products (
    supplier_id INTEGER NOT NULL REFERENCES suppliers (id),
    variant_id INTEGER NOT NULL REFERENCES product_variants (id), supplier_sku TEXT NOT NULL,
    lead_time_days INTEGER, PRIMARY KEY (supplier_id, variant_id));
CREATE TABLE purchase_orders (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE,
    supplier_id INTEGER NOT NULL REFERENCES suppliers (id),
    warehouse_id INTEGER NOT NULL REFERENCES warehouses (id),
    ordered_by INTEGER NOT NULL REFERENCES employees (id), ordered_at TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE purchase_order_lines (
    purchase_order_id INTEGER NOT NULL REFERENCES purchase_orders (id) ON DELETE CASCADE,
    line INTEGER NOT NULL, variant_id INTEGER NOT NULL REFERENCES product_variants (id),
    quantity NUMERIC NOT NULL, price NUMERIC NOT NULL, PRIMARY KEY (purchase_order_id, line));
CREATE TABLE goods_receipts (
    id INTEGER PRIMARY KEY, purchase_order_id INTEGER NOT NULL REFERENCES purchase_orders (id),
    received_by INTEGER NOT NULL REFERENCES employees (id), received_at TEXT NOT NULL);
CREATE TABLE supplier_invoices (
    id INTEGER PRIMARY KEY, purchase_order_id INTEGER NOT NULL REFERENCES purchase_orders (id),
    number TEXT NOT NULL, amount NUMERIC NOT NULL, due_on TEXT NOT NULL, paid_on TEXT);

CREATE TABLE payment_terms (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, days INTEGER NOT NULL);
CREATE TABLE customer_groups (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    price_list_id INTEGER REFERENCES price_lists (id));
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, email TEXT,
    group_id INTEGER NOT NULL REFERENCES customer_groups (id),
    payment_term_id INTEGER REFERENCES payment_terms (id), created_at TEXT NOT NULL);
CREATE TABLE customer_addresses (
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    address_id INTEGER NOT NULL REFERENCES addresses (id), kind TEXT NOT NULL,
    PRIMARY KEY (customer_id, address_id, kind));
CREATE TABLE carts (
    id TEXT PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), updated_at TEXT NOT NULL);
CREATE TABLE cart_items (
    cart_id TEXT NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    variant_id INTEGER NOT NULL REFERENCES product_variants (id), quantity INTEGER NOT NULL,
    PRIMARY KEY (cart_id, variant_id));
CREATE TABLE coupons (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, percent NUMERIC NOT NULL, valid_to TEXT);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    billing_address_id INTEGER NOT NULL REFERENCES addresses (id),
    shipping_address_id INTEGER NOT NULL REFERENCES addresses (id),
    coupon_id INTEGER REFERENCES coupons (id), currency_code TEXT NOT NULL REFERENCES currencies (code),
    ordered_at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'new');
CREATE TABLE order_lines (
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE, line INTEGER NOT NULL,
    variant_id INTEGER NOT NULL REFERENCES product_variants (id), quantity NUMERIC NOT NULL,
    price NUMERIC NOT NULL, tax_rate_id INTEGER NOT NULL REFERENCES tax_rates (id),
    PRIMARY KEY (order_id, line));
CREATE TABLE carriers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, tracking_url TEXT);
CREATE TABLE shipments (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id),
    warehouse_id INTEGER NOT NULL REFERENCES warehouses (id),
    carrier_id INTEGER REFERENCES carriers (id), tracking_number TEXT, shipped_at TEXT);
CREATE TABLE shipment_lines (
    shipment_id INTEGER NOT NULL REFERENCES shipments (id) ON DELETE CASCADE,
    order_id INTEGER NOT NULL, line INTEGER NOT NULL, quantity NUMERIC NOT NULL,
    PRIMARY KEY (shipment_id, order_id, line),
    FOREIGN KEY (order_id, line) REFERENCES order_lines (order_id, line));
CREATE TABLE returns (
    id INTEGER PRIMARY KEY, shipment_id INTEGER NOT NULL REFERENCES shipments (id),
    reason TEXT NOT NULL, received_at TEXT, handled_by INTEGER REFERENCES employees (id));

CREATE TABLE invoices (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE,
    order_id INTEGER NOT NULL UNIQUE REFERENCES orders (id), amount NUMERIC NOT NULL,
    issued_on TEXT NOT NULL, due_on TEXT NOT NULL);
CREATE TABLE credit_notes (
    id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL REFERENCES invoices (id),
    return_id INTEGER REFERENCES returns (id), amount NUMERIC NOT NULL, issued_on TEXT NOT NULL);
CREATE TABLE payment_methods (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE payments (
    id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL REFERENCES invoices (id),
    method_id INTEGER NOT NULL REFERENCES payment_methods (id), amount NUMERIC NOT NULL,
    paid_at TEXT NOT NULL, reference TEXT);

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE job_queue (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, run_after TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, last_error TEXT);
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY, happened_at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
    object TEXT NOT NULL, details TEXT);
CREATE TABLE holidays (day TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (day, region));

CREATE INDEX orders_by_customer ON orders (customer_id, ordered_at DESC);
CREATE INDEX open_jobs ON job_queue (run_after) WHERE last_error IS NULL;
CREATE INDEX products_by_name ON products (name COLLATE NOCASE);
CREATE TRIGGER orders_are_logged AFTER UPDATE OF state ON orders
BEGIN
    INSERT INTO audit_log (happened_at, actor, action, object)
    VALUES (datetime('now'), 'app', 'order ' || NEW.state, NEW.number);
END;
CREATE VIEW open_orders AS
    SELECT o.id, o.number, c.name AS customer, sum(l.quantity * l.price) AS total
    FROM orders o JOIN customers c ON c.id = o.customer_id JOIN order_lines l ON l.order_id = o.id
    WHERE o.state <> 'done' GROUP BY o.id;
