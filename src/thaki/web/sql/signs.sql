-- Who and what bears a sign: a number, a telephone, a card, a slip. Each branch is one probe of one index and is cut short.
-- kind, id of the customer or of the case, what it was found by.
SELECT 'customer' AS kind, found.id, found.sign FROM (
    (SELECT p.customer_id AS id, p.number AS sign FROM customers_phone p WHERE p.number LIKE %(phone_1)s LIMIT 20)
    UNION ALL (SELECT p.customer_id, p.number FROM customers_phone p WHERE p.number LIKE %(phone_2)s LIMIT 20)
    UNION ALL (SELECT s.customer_id, s.number FROM customers_subscription s
               WHERE s.number = ANY(%(phones)s) AND s.status = 'active' LIMIT 20)
    UNION ALL (SELECT c.id, 'CI ' || c.ci_number FROM customers_customer c
               WHERE c.ci_number = %(card)s AND c.ci_number > ''
               AND (%(complement)s = '' OR c.ci_complement = %(complement)s) LIMIT 20)
    UNION ALL (SELECT c.id, 'NIT ' || c.nit FROM customers_customer c
               WHERE c.nit = %(tax_id)s AND c.nit > '' LIMIT 20)
    UNION ALL (SELECT c.id, c.email FROM customers_customer c
               WHERE lower(c.email) = %(email)s AND c.email > '' LIMIT 20)
    UNION ALL (SELECT c.id, c.code FROM customers_customer c WHERE c.code = ANY(%(numbers)s) LIMIT 20)
) found
UNION ALL
SELECT found.kind, k.id, found.sign FROM (
    (SELECT 'case' AS kind, c.number AS case_ref, c.number AS sign FROM cases_case c
     WHERE c.number = ANY(%(numbers)s) LIMIT 20)
    UNION ALL (SELECT 'prospect', c.number, p.phone FROM prospects_prospect p
               JOIN sales_sale s ON s.prospect_id = p.id JOIN cases_case c ON c.id = s.case_id
               WHERE p.phone LIKE %(phone_1)s LIMIT 20)
    UNION ALL (SELECT 'prospect', c.number, p.phone FROM prospects_prospect p
               JOIN sales_sale s ON s.prospect_id = p.id JOIN cases_case c ON c.id = s.case_id
               WHERE p.phone LIKE %(phone_2)s LIMIT 20)
    UNION ALL (SELECT 'order', o.case_ref, o.number FROM orders_productorder o
               WHERE o.number = ANY(%(numbers)s) LIMIT 20)
    UNION ALL (SELECT 'contract', o.case_ref, f.number FROM orders_servicecontract f
               JOIN orders_productorder o ON o.id = f.order_id WHERE f.number = ANY(%(numbers)s) LIMIT 20)
    UNION ALL (SELECT 'slip', p.case_ref, p.slip_number FROM billing_payment p
               WHERE p.slip_number LIKE %(slip)s LIMIT 20)
    UNION ALL (SELECT 'invoice', i.case_ref, i.number FROM billing_invoice i WHERE i.number = ANY(%(numbers)s) LIMIT 20)
    UNION ALL (SELECT 'letter', l.case_ref, l.number FROM offers_commercialletter l
               WHERE l.number = ANY(%(numbers)s) LIMIT 20)
) found
JOIN cases_case k ON k.number = found.case_ref
WHERE k.procedure = ANY(%(procedures)s) AND NOT k.is_rehearsal
